import Money

/// An entry while its elements come in.
struct CamtEntryDraft {
    /// Filled as far as elements say it; the amount counts only where the two below are known.
    var entry: BankEntry
    var amount: Money?
    var isDebit: Bool?
    var entryReference: String?
    var information: String?
    var code = CamtTransactionCode()

    var inDetail = false
    var detail = CamtDetailDraft()
    var charge = Charge()
    /// Bytes that the entry takes, about: its texts, and its payments and documents themselves.
    var size = 0
    var document = RemittedDocument()
    var adjustment = RemittedDocument.Adjustment()

    struct Charge {
        var amount: Money?
        var isCredit = false
    }

    init() { entry = BankEntry(amount: .zero(.eur), lineNumber: 0) }

    /// Makes room for the next entry. The last one has been taken out, unless something was wrong with it.
    mutating func begin(line: Int) {
        if entry.lineNumber != 0 { entry = BankEntry(amount: .zero(.eur), lineNumber: 0) }
        entry.lineNumber = line
        amount = nil
        isDebit = nil
        entryReference = nil
        information = nil
        code = CamtTransactionCode()
        inDetail = false
        size = 0
    }

    mutating func beginDetail() {
        inDetail = true
        size += MemoryLayout<BankEntryDetail>.stride
        detail = CamtDetailDraft()
    }
}

/// Domain, family and sub-family, or the bank's own code.
struct CamtTransactionCode: Equatable {
    var domain: String?
    var family: String?
    var subfamily: String?
    var own: String?

    mutating func set(_ node: CamtNode, _ text: String?) {
        switch node {
        case .domain: domain = text
        case .family: family = text
        case .subfamily: subfamily = text
        default: own = text
        }
    }

    /// `PMNT-RCDT-ESCT`, or the bank's own code.
    var text: String? {
        guard let domain else { return own }
        var bytes = Array(domain.utf8)
        for part in [family, subfamily] {
            if let part { bytes += [45] + part.utf8 }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
    /// Codes of ISO 20022 (external bank transaction codes) for what comes back: unpaid and reversed debits, returned transfers.
    var isReturn: Bool {
        switch subfamily {
        case "RRTN", "UPDD", "PRDD", "RCDD", "UPCT", "RIMB", "RPCR", "ARET", "CRTN": true
        default: false
        }
    }
}

struct CamtDetailDraft {
    var value = BankEntryDetail()
    var transactionID: String?
    var isDebit: Bool?
    /// How sure the amount is: 3 `Amt`, 2 `TxAmt`, 1 `InstdAmt`.
    var rank = 0
    var debtor: String?
    var debtorAccount: String?
    var ultimateDebtor: String?
    var creditor: String?
    var creditorAccount: String?
    var ultimateCreditor: String?
    var lastLineWasFull = false
    var information: String?
    var returnCode: String?
    var returnOwnCode: String?
    var code = CamtTransactionCode()

    mutating func offer(_ amount: Money?, rank: Int) {
        guard let amount, rank > self.rank else { return }
        self.rank = rank
        value.amount = amount
    }
    /// `Ustrd` comes in lines of 140; a full line goes on without a blank.
    mutating func addLine(_ text: UnsafeBufferPointer<UInt8>) {
        guard let line = text.string else { return }
        if value.text.isEmpty {
            value.text = line
        } else {
            value.text += lastLineWasFull ? line : " " + line
        }
        lastLineWasFull = text.count >= 140
    }
}

extension CamtReader {
    func entryPart(_ node: CamtNode, _ text: UnsafeBufferPointer<UInt8>, _ attribute: UnsafeBufferPointer<UInt8>) {
        draft.size += text.count
        if draft.size > options.largestEntry {
            return abandon("Ntry", "One entry is larger than \(options.largestEntry >> 20) MiB.")
        }
        switch node {
        case .entryReference: draft.entryReference = text.string
        case .entryAmount:
            draft.amount = money(text, attribute, "Ntry/Amt")
            tellHeader()
        case .entrySign: draft.isDebit = isDebit(text, "Ntry/CdtDbtInd")
        case .reversal: draft.entry.isReversal = text.equals("true") || text.equals("1")
        case .statusCode: setStatus(text)
        case .status: if !text.isEmpty { setStatus(text) }
        case .bookingDay: draft.entry.bookingDay = day(text, "BookgDt")
        case .valueDay: draft.entry.valueDay = day(text, "ValDt")
        case .servicerReference: draft.entry.bankReference = text.string
        case .entryInformation: draft.information = text.string
        case .batchCount:
            if let count = Int(text.string ?? ""), (0...1_000_000_000).contains(count) {
                draft.entry.batchCount = (draft.entry.batchCount ?? 0) + count
            }
        case .domain, .family, .subfamily, .ownCode: code(node, text.string)
        case .chargeTotal, .charge, .chargeAmount, .chargeSign: chargePart(node, text, attribute)
        case .detail: finishDetail()
        default: detailPart(node, text, attribute)
        }
    }

    private func setStatus(_ text: UnsafeBufferPointer<UInt8>) {
        draft.entry.status = text.equals("BOOK") ? nil : text.string
    }

    private func code(_ node: CamtNode, _ text: String?) {
        if draft.inDetail { draft.detail.code.set(node, text) } else { draft.code.set(node, text) }
    }

    private func chargePart(
        _ node: CamtNode, _ text: UnsafeBufferPointer<UInt8>, _ attribute: UnsafeBufferPointer<UInt8>
    ) {
        switch node {
        case .chargeAmount: draft.charge.amount = sideMoney(text, attribute, "Chrgs/Amt")
        case .chargeSign: draft.charge.isCredit = text.equals("CRDT")
        case .charge:
            if let amount = draft.charge.amount { addCharge(draft.charge.isCredit ? -amount : amount) }
            draft.charge = .init()
        default: break  // the sum of the records, which are added up here
        }
    }

    private func addCharge(_ amount: Money) {
        if draft.inDetail {
            draft.detail.value.charges = Self.sum(draft.detail.value.charges, amount)
        } else {
            draft.entry.charges = Self.sum(draft.entry.charges, amount)
        }
    }

    /// Several of one currency added up; one in another currency, or one that no longer fits, is left out.
    private static func sum(_ before: Money?, _ amount: Money) -> Money {
        guard let before else { return amount }
        let (minor, overflow) = before.minor.addingReportingOverflow(amount.minor)
        return overflow || before.currency != amount.currency ? before : Money(minor: minor, before.currency)
    }

    private func detailPart(
        _ node: CamtNode, _ text: UnsafeBufferPointer<UInt8>, _ attribute: UnsafeBufferPointer<UInt8>
    ) {
        switch node {
        case .detailReference: draft.detail.value.bankReference = text.string
        case .transactionID: draft.detail.transactionID = text.string
        case .endToEnd: if !text.equals("NOTPROVIDED") { draft.detail.value.endToEnd = BankText.reference(text.string) }
        case .mandate: draft.detail.value.mandate = BankText.reference(text.string)
        case .detailAmount: draft.detail.offer(sideMoney(text, attribute, "TxDtls/Amt"), rank: 3)
        case .transactionAmount: draft.detail.offer(sideMoney(text, attribute, "TxAmt/Amt"), rank: 2)
        case .instructedAmount:
            let amount = sideMoney(text, attribute, "InstdAmt/Amt")
            if amount?.currency == draft.amount?.currency { draft.detail.offer(amount, rank: 1) }
        case .detailSign: draft.detail.isDebit = isDebit(text, "TxDtls/CdtDbtInd")
        case .debtor: draft.detail.debtor = text.string
        case .debtorAccount: draft.detail.debtorAccount = text.string
        case .ultimateDebtor: draft.detail.ultimateDebtor = text.string
        case .creditor: draft.detail.creditor = text.string
        case .creditorAccount: draft.detail.creditorAccount = text.string
        case .ultimateCreditor: draft.detail.ultimateCreditor = text.string
        case .unstructured: draft.detail.addLine(text)
        case .detailInformation: draft.detail.information = text.string
        case .returnCode: draft.detail.returnCode = text.string
        case .returnOwnCode: draft.detail.returnOwnCode = text.string
        case .returnInformation: if draft.detail.information == nil { draft.detail.information = text.string }
        default: remittancePart(node, text, attribute)
        }
    }

    private func remittancePart(
        _ node: CamtNode, _ text: UnsafeBufferPointer<UInt8>, _ attribute: UnsafeBufferPointer<UInt8>
    ) {
        switch node {
        case .documentType: draft.document.type = text.string
        case .documentNumber: if draft.document.number == nil { draft.document.number = text.string }
        case .documentDay: if !text.isEmpty { draft.document.day = day(text, "RfrdDocInf/RltdDt") }
        case .dueAmount: draft.document.due = sideMoney(text, attribute, "DuePyblAmt")
        case .discountAmount where !text.isEmpty:
            guard let amount = sideMoney(text, attribute, "DscntApldAmt") else { return }
            draft.document.discount = Self.sum(draft.document.discount, amount)
        case .creditNoteAmount: draft.document.creditNote = sideMoney(text, attribute, "CdtNoteAmt")
        case .remittedAmount: draft.document.remitted = sideMoney(text, attribute, "RmtdAmt")
        case .adjustmentAmount: draft.adjustment.amount = sideMoney(text, attribute, "AdjstmntAmtAndRsn/Amt")
        case .adjustmentSign:
            if text.equals("DBIT") { draft.adjustment.amount = draft.adjustment.amount.map { -$0.magnitude } }
        case .adjustmentReason: draft.adjustment.reason = text.string
        case .adjustmentText: draft.adjustment.text = text.string
        case .adjustment: draft.document.adjustments.append(draft.adjustment)
        case .creditorReference:
            if let reference = text.string {
                draft.size += MemoryLayout<String>.stride
                draft.detail.value.structuredReferences.append(StructuredReferences.tidy(reference))
            }
        case .remittanceInformation:
            // Swiss banks report the outcome of their own checks there: `?REJECT?0`, `?ERROR?000`.
            if text.first != UInt8(ascii: "?") { draft.detail.addLine(text) }
        case .structured: if !draft.document.isEmpty { draft.detail.value.documents.append(draft.document) }
        default: break
        }
    }
}
