import CXML2
import Money

/// camt.052, .053 and .054 to events. The C side tells the elements of `CamtGrammar`; this gathers them.
final class CamtReader {
    private let source: ByteSource
    let options: BankFile.Options
    let teller: BankFileTeller
    @exclusivity(unchecked) private var reader: OpaquePointer!

    private var format = "camt"
    @exclusivity(unchecked) private var header: BankStatementHeader?
    @exclusivity(unchecked) private var told = false
    private var statements = 0
    private var tally = StatementTally()
    private var balance = Balance()
    private var claimed = Claimed()
    /// Touched at every element, and only by the call that is under way: the check for overlapping access is spared.
    @exclusivity(unchecked) var draft = CamtEntryDraft()
    var lastCode = CamtTransactionCode()
    var lastCodeText: String?
    // Kept by `known` from amount to amount.
    @exclusivity(unchecked) var lastCurrency: Currency?
    @exclusivity(unchecked) var lastCurrencyKey: UInt32 = 0

    private struct Balance {
        var type: String?
        var intermediate = false
        var amount: Money?
        var isDebit: Bool?
        var day: Day?
    }
    /// What `TxsSummry` says of the statement.
    private struct Claimed {
        var count: String?
        var credit: String?
        var debit: String?
    }

    init(_ source: ByteSource, _ options: BankFile.Options, _ teller: BankFileTeller) {
        self.source = source
        self.options = options
        self.teller = teller
    }

    private var skippedLines = 0
    var line: Int { Int(cxml2_line(reader)) + skippedLines }
    /// The account's own currency, where the file has told it yet.
    var accountCurrency: Currency? { header?.currency }
    private(set) var ownAccount: String?
    /// Stops at what has no end.
    func abandon(_ field: String, _ why: String) {
        teller.abandon(
            BankFileProblem(
                .tooLarge, line: line, field: field, why: why, next: "Fetch it from the bank in smaller batches."))
        cxml2_stop(reader)
    }

    func read() {
        guard let reader = cxml2_new(options.longestText) else { return teller.problem(Self.noMemory) }
        self.reader = reader
        defer { cxml2_free(reader) }
        let begin = source.peek(BankFile.sniffLength)
        // Some banks put blank lines before the XML declaration, which XML forbids.
        let blank = begin.prefix { $0 == 32 || (9...13).contains($0) }
        source.skip(blank.count)
        skippedLines = blank.count { $0 == 10 }
        source.turnsReturns = begin.contains(13) && !begin.contains(10) && !begin.contains(0)
        precondition(CamtGrammar.load(reader), "the camt grammar does not fit the XML reader's tables")
        let calls = cxml2_calls(
            start: { owner, code, uri in
                Unmanaged<CamtReader>.fromOpaque(owner!)._withUnsafeGuaranteedRef { $0.start(code, uri) }
            },
            end: { owner, code, text, length, attribute, attributeLength in
                Unmanaged<CamtReader>.fromOpaque(owner!)._withUnsafeGuaranteedRef {
                    $0.end(
                        code, UnsafeBufferPointer(start: text, count: length),
                        UnsafeBufferPointer(start: attribute, count: attributeLength))
                }
            },
            read: { owner, bytes, count in Int32(CamtReader.of(owner).source.fill(bytes!, Int(count))) })
        let outcome = cxml2_read(reader, Unmanaged.passUnretained(self).toOpaque(), calls)
        if let problem = problem(outcome) { teller.problem(problem) }
    }

    private static func of(_ owner: UnsafeMutableRawPointer?) -> CamtReader {
        Unmanaged<CamtReader>.fromOpaque(owner!).takeUnretainedValue()
    }

    // MARK: What the C side tells

    private func start(_ code: Int32, _ uri: UnsafePointer<CChar>?) {
        switch CamtNode(rawValue: code) {
        case .entry: draft.begin(line: line)
        case .detail: draft.beginDetail()
        case .structured:
            draft.size += MemoryLayout<RemittedDocument>.stride
            draft.document = RemittedDocument()
        case .adjustment:
            draft.size += MemoryLayout<RemittedDocument.Adjustment>.stride
            draft.adjustment = .init()
        case .charge: draft.charge = .init()
        case .balance: balance = Balance()
        case .statement: begin(.statement, "camt.053", uri)
        case .report: begin(.report, "camt.052", uri)
        case .notification: begin(.notification, "camt.054", uri)
        default: break
        }
    }

    private func end(_ code: Int32, _ text: UnsafeBufferPointer<UInt8>, _ attribute: UnsafeBufferPointer<UInt8>) {
        guard let node = CamtNode(rawValue: code) else { return }
        if code > CamtNode.totalDebit.rawValue {
            if node == .entry { finishEntry() } else { entryPart(node, text.trimmed, attribute) }
        } else {
            statementPart(node, text.trimmed, attribute)
        }
    }

    private func finishEntry() {
        defer { if !teller.wantsMore { cxml2_stop(reader) } }
        guard let entry = finishedEntry() else { return }
        if !told { tellHeader() }
        tally.count(entry)
        teller.tell(.entry(entry))
    }

    // MARK: Statement

    private func begin(_ kind: BankStatementHeader.Kind, _ family: String, _ uri: UnsafePointer<CChar>?) {
        draft = CamtEntryDraft()
        ownAccount = nil
        statements += 1
        told = false
        tally = StatementTally()
        claimed = Claimed()
        format = family
        if let uri {
            let name = String(cString: uri)
            let last = name.split(separator: ":").last.map(String.init) ?? name
            if last.hasPrefix("camt.0") { format = last }
        }
        header = BankStatementHeader(format: format, kind: kind, lineNumber: line)
    }

    /// Tells the header once: when the first entry has its amount, or at the end of a statement without entries.
    func tellHeader() {
        guard !told, var known = header else { return }
        settleBalances(&known)
        known.currency =
            known.currency ?? known.closing?.amount.currency ?? known.opening?.amount.currency ?? draft.amount?.currency
        header = known
        told = true
        teller.tell(.statementBegan(known))
    }

    private func finishStatement() {
        tellHeader()
        guard var known = header else { return }
        settleBalances(&known)
        header = nil
        let (totals, warnings) = tally.finish(known)
        for warning in warnings { teller.warn(warning) }
        compareClaims(known, totals)
        teller.tell(.statementEnded(known, totals))
    }

    /// Opening and closing of a statement, which may have several of a kind: of several currencies, or one pair a day.
    private func settleBalances(_ header: inout BankStatementHeader) {
        func all(_ type: String) -> [BankBalance] {
            let found = header.balances.filter { $0.type == type }
            let own = found.filter { $0.amount.currency == header.currency }
            return own.isEmpty ? found : own
        }
        func earliest(_ balances: [BankBalance]) -> BankBalance? {
            balances.enumerated().min { ($0.1.day?.number ?? .min, $0.0) < ($1.1.day?.number ?? .min, $1.0) }?.1
        }
        func latest(_ balances: [BankBalance]) -> BankBalance? {
            balances.enumerated().max { ($0.1.day?.number ?? .max, $0.0) < ($1.1.day?.number ?? .max, $1.0) }?.1
        }
        header.opening = earliest(all("OPBD")) ?? latest(all("PRCD"))
        header.closing = latest(all("CLBD"))
        // A page of a longer statement has intermediate balances instead.
        let intermediate = all("ITBD")
        guard header.kind == .statement, !intermediate.isEmpty else { return }
        if header.opening == nil, header.closing != nil || intermediate.count > 1 {
            header.opening = intermediate.first
        }
        if header.closing == nil, intermediate.count > 1 || header.opening?.type != "ITBD" {
            header.closing = intermediate.last
        }
    }

    /// `TxsSummry` against what was read.
    private func compareClaims(_ header: BankStatementHeader, _ totals: BankStatementTotals) {
        let name = header.id.map { "Statement \($0)" } ?? "The statement"
        if let count = claimed.count.flatMap({ Int($0) }), count != totals.entries {
            teller.warn(
                .totals, line: header.lineNumber, "\(name) says it has \(count) entries and has \(totals.entries).")
        }
        guard totals.sums.count == 1, let sums = totals.sums.first else { return }
        for (said, found, what) in [(claimed.credit, sums.credit, "credits"), (claimed.debit, sums.debit, "debits")] {
            guard let said, let sum = try? Money(said, found.currency), sum != found else { continue }
            teller.warn(.totals, line: header.lineNumber, "\(name) says its \(what) are \(sum), they make \(found).")
        }
    }

    private func statementPart(
        _ node: CamtNode, _ text: UnsafeBufferPointer<UInt8>, _ attribute: UnsafeBufferPointer<UInt8>
    ) {
        switch node {
        case .statement, .report, .notification: finishStatement()
        case .statementID: header?.id = text.string
        case .electronicNumber: header?.number = text.string
        case .legalNumber: if header?.number == nil { header?.number = text.string }
        case .copyIndicator: header?.copyIndicator = text.string
        case .accountID:
            if header?.account == nil { header?.account = text.string }
            ownAccount = header?.accountNumber
        case .accountCurrency: header?.currency = currency(text, "Acct/Ccy") ?? header?.currency
        case .ownerName: header?.owner = text.string
        case .balance: finishBalance()
        case .balanceType: balance.type = text.string
        case .balanceSubtype: balance.intermediate = text.equals("INTM")
        case .balanceAmount: balance.amount = money(text, attribute, "Bal/Amt")
        case .balanceSign: balance.isDebit = isDebit(text, "Bal/CdtDbtInd")
        case .balanceDay: balance.day = day(text, "Bal/Dt")
        case .totalCount: claimed.count = text.string
        case .totalCredit: claimed.credit = text.string
        case .totalDebit: claimed.debit = text.string
        default: break
        }
    }

    private func finishBalance() {
        guard let amount = balance.amount else { return }
        if let header, header.balances.count >= options.mostBalances {
            return abandon("Bal", "One statement has more than \(options.mostBalances) balances.")
        }
        // A zero balance needs no direction, and some banks leave it out.
        let signed = balance.isDebit == true ? -amount.magnitude : amount
        let type = balance.type ?? "OTHR"
        let isPage = balance.intermediate && (type == "OPBD" || type == "CLBD")
        header?.balances.append(BankBalance(type: isPage ? "ITBD" : type, day: balance.day, amount: signed))
    }

    // MARK: Outcome

    private static let noMemory = BankFileProblem(
        .unreadable, why: "There was no memory for the XML reader.", next: "Try again later.")

    private func problem(_ outcome: Int32) -> BankFileProblem? {
        if source.exceeded || source.failed { return nil }  // told by the caller
        let line = max(line, 1)
        let refetch = "Fetch the file from the bank again, unchanged."
        switch Int(outcome) {
        case CXML2_DONE: return statements == 0 ? emptyMessage : nil
        case CXML2_STOPPED: return nil
        case CXML2_DOCTYPE:
            return BankFileProblem(
                .documentType, line: line, why: "It has a document type declaration, which no bank file has.",
                next: "Do not use it; ask where it came from.")
        case CXML2_TOO_MANY_NAMES:
            return BankFileProblem(
                .tooLarge, line: line, why: "It has more names of elements than any bank file.", next: refetch)
        case CXML2_TEXT_TOO_LONG:
            return BankFileProblem(
                .tooLarge, line: line, why: "One text is longer than \(options.longestText >> 10) KiB.", next: refetch)
        default: break
        }
        let said = String(cString: cxml2_message(reader))
        if cxml2_bad_encoding(reader) {
            return BankFileProblem(
                .encoding, line: line, value: said,
                why: "It holds bytes that its declared encoding does not have.", next: refetch)
        }
        if cxml2_ended_early(reader) {
            return BankFileProblem(
                .truncated, line: line, value: said, why: "The XML ends before its last element is closed.",
                next: refetch)
        }
        return BankFileProblem(.malformed, line: line, value: said, why: "The XML is broken there.", next: refetch)
    }

    private var emptyMessage: BankFileProblem {
        let root = String(cString: cxml2_root_name(reader))
        let uri = String(cString: cxml2_root_uri(reader))
        return BankFileProblem(
            .noStatement, field: "BkToCstmrStmt",
            why: "It holds no statement, report or notification (its root is \(root)\(uri.isEmpty ? "" : ", \(uri)")).",
            next: "Fetch camt.053 or camt.054 from the bank.")
    }
}
