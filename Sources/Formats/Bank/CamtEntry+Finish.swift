import Money

/// Details and entries when their last element has come.
extension CamtReader {
    func finishDetail() {
        draft.inDetail = false
        let parts = draft.detail
        var detail = parts.value
        let isDebit = parts.isDebit ?? draft.isDebit ?? false
        detail.amount = detail.amount.map { isDebit ? -$0.magnitude : $0 }
        detail.returnReason = parts.returnCode ?? parts.returnOwnCode
        detail.bankReference = detail.bankReference ?? parts.transactionID
        setParties(&detail, parts, isDebit)
        if detail.text.isEmpty, let information = parts.information { detail.text = information }
        if detail.structuredReferences.isEmpty, let found = StructuredReferences.find(in: detail.text) {
            detail.structuredReferences = [found]
        }
        detail.structuredReference = detail.structuredReferences.first
        if draft.code.domain == nil, draft.code.own == nil { draft.code = parts.code }
        guard draft.details.count < options.mostDetails else {
            return teller.problem(
                BankFileProblem(
                    .tooLarge, line: line, field: "TxDtls",
                    why: "One entry has more than \(options.mostDetails) payments below it.",
                    next: "Fetch it from the bank in smaller batches."))
        }
        draft.details.append(detail)
    }

    /// The other side: of a credit the debtor, of a debit the creditor. What comes back keeps the roles of the payment it undoes,
    /// so there it is the other way round, unless the file names only one of the two.
    private func setParties(_ detail: inout BankEntryDetail, _ parts: CamtDetailDraft, _ isDebit: Bool) {
        let comesBack =
            draft.isReversal || detail.returnReason != nil || parts.code.isReturn || draft.code.isReturn
        var wantsCreditor = isDebit
        if comesBack {
            let creditorGiven = parts.creditor != nil || parts.creditorAccount != nil
            let debtorGiven = parts.debtor != nil || parts.debtorAccount != nil
            wantsCreditor = creditorGiven && debtorGiven ? !isDebit : creditorGiven
            let own = ownAccount
            if own != nil, creditorGiven, debtorGiven {
                if parts.creditorAccount.flatMap({ BankText.account($0) }) == own { wantsCreditor = false }
                if parts.debtorAccount.flatMap({ BankText.account($0) }) == own { wantsCreditor = true }
            }
        }
        detail.counterparty = wantsCreditor ? parts.creditor : parts.debtor
        detail.ultimateCounterparty = wantsCreditor ? parts.ultimateCreditor : parts.ultimateDebtor
        detail.counterpartyAccount =
            (wantsCreditor ? parts.creditorAccount : parts.debtorAccount).flatMap { BankText.account($0) }
    }

    /// The whole entry; nil after a problem.
    func finishedEntry() -> BankEntry? {
        guard let amount = draft.amount, let isDebit = draft.isDebit else {
            reportMissing()
            return nil
        }
        if amount.isNegative {
            teller.warn(.sign, line: draft.line, "The entry has the amount \(amount); it is read as money out.")
        }
        var entry = BankEntry(amount: isDebit ? -amount.magnitude : amount, lineNumber: draft.line)
        entry.bookingDay = draft.bookingDay
        entry.valueDay = draft.valueDay
        entry.status = draft.status
        entry.isReversal = draft.isReversal
        entry.bankReference = draft.servicerReference ?? draft.entryReference
        entry.transactionCode = draft.code.text
        entry.charges = draft.charges
        entry.batchCount = draft.batchCount
        if draft.details.count == 1, draft.details[0].amount == nil { draft.details[0].amount = entry.amount }
        lift(draft.details, into: &entry)
        if entry.text.isEmpty, let information = draft.information {
            entry.text = information
            if draft.details.count <= 1, entry.structuredReference == nil {
                entry.structuredReference = StructuredReferences.find(in: information)
            }
        }
        compareBatch(entry, draft.details)
        entry.details = draft.details
        draft.details = []
        return entry
    }

    /// What all details have in common is true of the entry.
    private func lift(_ details: [BankEntryDetail], into entry: inout BankEntry) {
        guard let first = details.first else { return }
        if details.count == 1 {
            entry.counterparty = first.counterparty
            entry.ultimateCounterparty = first.ultimateCounterparty
            entry.counterpartyAccount = first.counterpartyAccount
            entry.structuredReference = first.structuredReferences.count == 1 ? first.structuredReference : nil
            entry.endToEnd = first.endToEnd
            entry.returnReason = first.returnReason
            entry.text = first.text
            entry.bankReference = entry.bankReference ?? first.bankReference
            entry.charges = entry.charges ?? first.charges
            return
        }
        if details.allSatisfy({
            $0.counterparty == first.counterparty && $0.counterpartyAccount == first.counterpartyAccount
        }) {
            entry.counterparty = first.counterparty
            entry.counterpartyAccount = first.counterpartyAccount
        }
        if details.allSatisfy({ $0.returnReason == first.returnReason }) { entry.returnReason = first.returnReason }
    }

    private func reportMissing() {
        // A wrong amount or sign has been reported where it stood; one that is missing has not.
        guard teller.isFine else { return }
        teller.problem(
            BankFileProblem(
                draft.amount == nil ? .amount : .sign, line: draft.line,
                field: draft.amount == nil ? "Ntry/Amt" : "Ntry/CdtDbtInd", why: "The entry has none.",
                next: "Ask the bank for a corrected file."))
    }

    /// The payments of a batch should make the entry; charges may stand between.
    private func compareBatch(_ entry: BankEntry, _ details: [BankEntryDetail]) {
        guard details.count > 1 else { return }
        var sum: Int128 = 0
        var charges = Int128(entry.charges?.minor ?? 0)
        for detail in details {
            guard let amount = detail.amount, amount.currency == entry.amount.currency else { return }
            sum += Int128(amount.minor)
            if detail.charges?.currency == amount.currency { charges += Int128(detail.charges?.minor ?? 0) }
        }
        let gap = Int128(entry.amount.minor) - sum
        guard gap != 0, abs(gap) != abs(charges) else { return }
        let total = Int64(exactly: sum).map { "\(Money(minor: $0, entry.amount.currency))" } ?? "more than can be held"
        teller.warn(
            .batch, line: entry.lineNumber,
            "The batch \(entry.bankReference ?? "of line \(entry.lineNumber)") is \(entry.amount), its payments make \(total)."
        )
    }
}
