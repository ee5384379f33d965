import Money

/// MT940 and MT942, as banks write them: with and without the blocks of the SWIFT network, one statement or many, whole or in pages.
final class MT940Reader {
    private var lines: LineReader
    private let options: BankFile.Options
    let teller: BankFileTeller

    private var field: SwiftField?
    private var blockIsOpen = false
    private var isInterim = false
    private var pendingColon = false

    private var header: BankStatementHeader?
    private var told = false
    private var statements = 0
    private var tally = StatementTally()
    private var entry: MT940Entry?
    private var warnedCurrency = false
    private var claims: [(tag: String, count: Int, sum: Money)] = []

    init(_ source: ByteSource, _ options: BankFile.Options, _ teller: BankFileTeller) {
        lines = LineReader(source, limit: options.longestText)
        self.options = options
        self.teller = teller
    }

    func read() {
        var line: [UInt8] = []
        while teller.wantsMore, lines.next(&line) { take(line) }
        if lines.tooLong {
            return teller.problem(
                BankFileProblem(
                    .tooLarge, line: lines.number, why: "The line is longer than \(options.longestText >> 10) KiB.",
                    next: "Fetch the file from the bank again, unchanged."))
        }
        let openAtEnd = blockIsOpen && header != nil && header?.closing == nil
        finishField()
        finishStatement()
        if openAtEnd, teller.isFine {
            teller.problem(
                BankFileProblem(
                    .truncated, line: max(lines.number, 1),
                    why: "The file ends inside a statement: block 4 is not closed and has no closing balance.",
                    next: "Fetch the file from the bank again, unchanged."))
        } else if statements == 0, teller.isFine {
            teller.problem(
                BankFileProblem(
                    .noStatement, why: "It holds no statement.", next: "Fetch camt.053 or MT940 from the bank."))
        }
    }

    // MARK: Lines to fields

    private func take(_ raw: [UInt8]) {
        // Control characters stand between messages of some banks (SOH, ETX, Ctrl-Z of old systems).
        var line = raw[...]
        while let first = line.first, first < 32 || (first == 0xEF && line.starts(with: [0xEF, 0xBB, 0xBF])) {
            line = line.dropFirst(first == 0xEF ? 3 : 1)
        }
        if pendingColon {
            pendingColon = false
            line = ([UInt8(ascii: ":")] + line)[...]
        } else if line.elementsEqual([UInt8(ascii: ":")]) {
            // A tag broken behind its first colon.
            pendingColon = true
            return
        }
        if line.first == UInt8(ascii: "{"), let rest = blockStart(line) { line = rest }
        if let tag = SwiftTag(line) {
            finishField()
            field = SwiftField(tag: tag.name, bytes: Array(line.dropFirst(tag.length)), line: lines.number)
            return
        }
        if endsMessage(line) {
            finishField()
            if line.starts(with: [UInt8(ascii: "-"), UInt8(ascii: "}")]) || header?.closing != nil {
                blockIsOpen = false
            }
            return
        }
        guard field != nil else { return }
        field!.bytes.append(10)
        field!.bytes.append(contentsOf: raw)
        if field!.bytes.count > options.longestText {
            abandon(field!, "The field is longer than \(options.longestText >> 10) KiB.")
            field = nil
        }
    }

    /// Blocks 1 to 3 and 5 are the network's; what follows `{4:` is the message.
    private func blockStart(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard line.count >= 3, line[line.startIndex + 2] == UInt8(ascii: ":"),
            (49...53).contains(line[line.startIndex + 1])
        else { return nil }
        finishField()
        let text = Array(line)
        for index in text.indices.dropLast(2)
        where text[index] == UInt8(ascii: "{") && text[index + 2] == UInt8(ascii: ":") {
            if text[index + 1] == UInt8(ascii: "2") {
                isInterim = text.dropFirst(index + 4).starts(with: Array("942".utf8))
            }
            if text[index + 1] == UInt8(ascii: "4") {
                blockIsOpen = true
                return text.dropFirst(index + 3)
            }
        }
        return []
    }

    /// `-}` ends a message; `-` alone does too once its closing balance is there (before, it is text of a `:86:`). A brace may have
    /// become a national letter on the way.
    private func endsMessage(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.first == UInt8(ascii: "-") else { return false }
        let rest = line.dropFirst().filter { $0 > 32 }
        if rest.first == UInt8(ascii: "}") { return true }
        let isMark = rest.isEmpty || (rest.count <= 2 && rest.allSatisfy { $0 >= 0x80 })
        return isMark
            && (header?.closing != nil || field == nil || field?.tag.hasPrefix("62") == true || isAfterClosing)
    }
    private var isAfterClosing: Bool { field.map { ["64", "65", "90C", "90D"].contains($0.tag) } ?? false }

    // MARK: Fields to a statement

    private func finishField() {
        guard let field else { return }
        self.field = nil
        if startsStatement(field.tag) { finishStatement() }
        if header == nil { begin(field) }
        switch field.tag {
        case "20": header?.id = text(field)
        case "25", "25P": header?.account = text(field)
        case "28", "28C": header?.number = text(field)
        case "34F", "13D", "13":
            isInterim = true
            header?.format = "mt942"
            header?.kind = .report
            if field.tag == "34F" { adopt(leadingCurrency(field.bytes)) }
        case "60F", "60M": balance(field, "OPBD")
        case "62F", "62M": balance(field, "CLBD")
        case "64": balance(field, "CLAV")
        case "65", "65F": balance(field, "FWAV")
        case "61": beginEntry(field)
        case "86": if header?.closing == nil { addDetails(field) }
        case "NS":
            if entry != nil { addDetails(field) } else { header?.owner = MT940Details.ownName(field.bytes) }
        case "90C", "90D": claim(field)
        default: break
        }
    }

    private func startsStatement(_ tag: String) -> Bool {
        guard let header else { return false }
        switch tag {
        case "20": return true
        case "25", "25P", "28", "28C", "60F", "60M": return header.closing != nil
        default: return false
        }
    }

    private func begin(_ field: SwiftField) {
        statements += 1
        told = false
        tally = StatementTally()
        claims = []
        header = BankStatementHeader(
            format: isInterim ? "mt942" : "mt940", kind: isInterim ? .report : .statement, lineNumber: field.line)
    }

    private func finishStatement() {
        finishEntry()
        guard header != nil else { return }
        tellHeader()
        guard let known = header else { return }
        header = nil
        entry = nil
        let (totals, warnings) = tally.finish(known)
        for warning in warnings { teller.warn(warning) }
        compareClaims(known, totals)
        if known.kind == .statement, known.closing == nil {
            teller.warn(
                .noClosing, line: known.lineNumber,
                "Statement \(known.number ?? known.id ?? "") has no closing balance; the file may have been cut off.")
        }
        teller.tell(.statementEnded(known, totals))
        if !blockIsOpen { isInterim = false }
    }

    private func tellHeader() {
        guard !told, let known = header else { return }
        told = true
        teller.tell(.statementBegan(known))
    }

    private func text(_ field: SwiftField) -> String? {
        BankText.trimmed(BankText.decode(field.bytes.prefix { $0 != 10 }))
    }

    /// A few of a page at most; a file that goes on has no end.
    private func addDetails(_ field: SwiftField) {
        entry?.addDetails(field)
        guard let size = entry?.size, size > options.longestText else { return }
        abandon(field, "The entry's texts are longer than \(options.longestText >> 10) KiB.")
    }

    private func abandon(_ field: SwiftField, _ why: String) {
        teller.abandon(
            BankFileProblem(
                .tooLarge, line: field.line, field: ":\(field.tag):", why: why,
                next: "Fetch the file from the bank again, unchanged."))
    }

    // MARK: Amounts above the entries

    private func adopt(_ currency: Currency?) {
        if header?.currency == nil { header?.currency = currency }
    }

    private func leadingCurrency(_ bytes: some Collection<UInt8>) -> Currency? {
        Currency(evenWithdrawn: String(decoding: bytes.prefix(3), as: UTF8.self))
    }

    private func balance(_ field: SwiftField, _ type: String) {
        finishEntry()
        if let header, header.balances.count >= options.mostBalances {
            return abandon(field, "One statement has more than \(options.mostBalances) balances.")
        }
        var cursor = SwiftCursor(field.bytes)
        do {
            let balance = try cursor.balance(type, fallback: header?.currency ?? options.currency)
            if balance.assumed {
                teller.warn(
                    .currency, line: field.line, ":\(field.tag): has no currency; it is read as \(balance.currency).")
            }
            if let adjusted = balance.adjusted { warnDay(field, adjusted, balance.day) }
            let value = BankBalance(type: type, day: balance.day, amount: balance.amount)
            header?.balances.append(value)
            adopt(balance.currency)
            if type == "OPBD" { header?.opening = value }
            if type == "CLBD" { header?.closing = value }
        } catch let refusal as SwiftCursor.Refusal {
            // What is available on other days is not booked by anybody.
            if type == "CLBD" || type == "OPBD" {
                teller.problem(refusal.problem(field))
            } else {
                teller.warn(.skipped, line: field.line, ":\(field.tag): was not understood: \(refusal.why)")
            }
        } catch {}
    }

    private func warnDay(_ field: SwiftField, _ written: String, _ day: Day?) {
        teller.warn(
            .day, line: field.line,
            ":\(field.tag): \(written) does not exist; \(day.map { "\($0)" } ?? "no day") is taken instead.")
    }

    /// `:90C:3EUR45,67`: number and sum of credits (D: debits) of an interim report.
    private func claim(_ field: SwiftField) {
        finishEntry()
        let digits = field.bytes.prefix { (48...57).contains($0) }
        guard let count = Int(String(decoding: digits, as: UTF8.self)),
            let currency = leadingCurrency(field.bytes.dropFirst(digits.count))
        else { return }
        adopt(currency)
        let amount = field.bytes.dropFirst(digits.count + 3)
        guard claims.count < options.mostBalances else {
            return abandon(field, "One statement has more than \(options.mostBalances) totals.")
        }
        if let sum = SwiftAmount.parse(amount, currency) { claims.append((field.tag, count, sum)) }
    }

    private func compareClaims(_ header: BankStatementHeader, _ totals: BankStatementTotals) {
        for claim in claims {
            let sums = totals.sums.first { $0.credit.currency == claim.sum.currency }
            let found = (claim.tag == "90C" ? sums?.credit : sums?.debit) ?? .zero(claim.sum.currency)
            guard found != claim.sum else { continue }
            let what = claim.tag == "90C" ? "credits" : "debits"
            teller.warn(
                .totals, line: header.lineNumber,
                "Report \(header.number ?? header.id ?? "") says its \(what) are \(claim.sum), they make \(found).")
        }
    }

    // MARK: Entries

    private func beginEntry(_ field: SwiftField) {
        finishEntry()
        guard let currency = entryCurrency(field) else { return }
        do {
            var cursor = SwiftCursor(field.bytes)
            let entry = try cursor.entry(currency, line: field.line)
            for (written, day) in entry.adjustedDays { warnDay(field, written, day) }
            self.entry = entry
        } catch let refusal as SwiftCursor.Refusal {
            teller.problem(refusal.problem(field))
        } catch {}
    }

    /// Of the balances; else at the end of the account (`:25:…EUR`); else what the caller says.
    private func entryCurrency(_ field: SwiftField) -> Currency? {
        if let currency = header?.currency { return currency }
        if let account = header?.account, account.utf8.count > 3,
            let currency = Currency(evenWithdrawn: account.suffix(3))
        {
            header?.currency = currency
            return currency
        }
        if let currency = options.currency {
            if !warnedCurrency {
                warnedCurrency = true
                teller.warn(.currency, line: field.line, "The file names no currency; it is read as \(currency).")
            }
            header?.currency = currency
            return currency
        }
        teller.problem(
            BankFileProblem(
                .currency, line: field.line, field: ":60F:",
                why: "No balance stands before the entry, so its currency is unknown.",
                next: "Fetch the whole statement, or say the currency."))
        return nil
    }

    private func finishEntry() {
        guard let pending = entry else { return }
        entry = nil
        tellHeader()
        let finished = pending.finished(own: header?.accountNumber)
        tally.count(finished)
        teller.tell(.entry(finished))
    }
}
