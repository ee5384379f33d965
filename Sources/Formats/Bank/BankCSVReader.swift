import Money

/// A bank's table to events: one statement, its balances worked out from the column of balances where there is one.
final class BankCSVReader {
    private let source: ByteSource
    private let map: BankCSVMap
    private let options: BankFile.Options
    private let teller: BankFileTeller
    private var layout: BankCSVLayout!
    private var columns: BankCSVColumns!

    private var header = BankStatementHeader(format: "csv", kind: .statement, lineNumber: 1)
    private var told = false
    private var tally = StatementTally()
    private var pending: BankEntry?
    private var headingCurrency: Currency?
    private var skipped = 0

    /// Balances of the first and the last entry, with the amounts they include.
    private var first: Row?
    private var last: Row?
    private struct Row {
        var day: Day
        var amount: Money
        var balance: Money?
    }

    init(_ source: ByteSource, _ map: BankCSVMap, _ options: BankFile.Options, _ teller: BankFileTeller) {
        self.source = source
        self.map = map
        self.options = options
        self.teller = teller
    }

    func read() {
        let begin = source.peek(BankFile.sniffLength)
        guard !begin.starts(with: [0xFF, 0xFE]), !begin.starts(with: [0xFE, 0xFF]) else {
            return teller.problem(
                BankFileProblem(
                    .encoding, line: 1, why: "It is stored as UTF-16.", next: "Save it as CSV in UTF-8 and read that."))
        }
        do { layout = try BankCSVLayout.find(map, begin) } catch { return teller.problem(error) }
        columns = BankCSVColumns(map, layout.headings)
        headingCurrency = currencyOfHeadings()
        header.account = map.account
        readRecords()
        finish()
    }

    private func readRecords() {
        var lines = LineReader(source, limit: options.longestText)
        var line: [UInt8] = []
        var record: [UInt8] = []
        var quotes = BankCSVRecords.Quotes()
        var number = 0
        var began = 0
        while teller.wantsMore, lines.next(&line) {
            if record.isEmpty { began = lines.number } else { record.append(10) }
            let written = line.filter { $0 != 0 }
            record.append(contentsOf: written)
            quotes.take(written, layout.separator)
            if quotes.areOpen, record.count <= options.longestText { continue }
            quotes = BankCSVRecords.Quotes()
            guard let cells = BankCSVRecords.cells(record, layout.separator) else {
                if record.count > options.longestText { return openQuote(began) }
                continue
            }
            if number == layout.headingRecord { header.lineNumber = began }
            if number > layout.headingRecord { take(cells, raw: record, line: began) }
            number += 1
            record.removeAll(keepingCapacity: true)
        }
        if !record.isEmpty || lines.tooLong { openQuote(max(began, 1)) }
    }

    private func openQuote(_ line: Int) {
        teller.problem(
            BankFileProblem(
                .malformed, line: line, why: "A quotation mark that opens there is not closed.",
                next: "Fetch the file from the bank again, unchanged."))
    }

    // MARK: Rows

    private func take(_ cells: [[UInt8]], raw: [UInt8], line: Int) {
        func text(_ index: Int?) -> String? {
            guard let index, index < cells.count, !cells[index].isEmpty else { return nil }
            return BankText.trimmed(BankText.squeezed(BankText.decode(cells[index])))
        }
        let words = columns.text.compactMap { text($0) }.joined(separator: " ")
        guard let written = text(columns.bookingDay), written.utf8.contains(where: { (48...57).contains($0) }),
            written.utf8.count <= 30
        else { return below(text, words, line) }
        guard let day = BankCSVValues.day(written, layout.dayOrder) else {
            return teller.problem(
                BankFileProblem(
                    .day, line: line, field: layout.headings[columns.bookingDay], value: written, why: "It is no day.",
                    next: "Correct the row, or say the order of the days."))
        }
        guard let currency = currency(text, line), let amount = amount(text, currency, line) else { return }
        flush()
        var entry = BankEntry(amount: amount, lineNumber: line)
        entry.bookingDay = day
        entry.valueDay = text(columns.valueDay).flatMap { BankCSVValues.day($0, layout.dayOrder) }
        entry.counterparty = text(columns.counterparty)
        entry.counterpartyAccount = text(columns.counterpartyAccount).flatMap { BankText.account($0) }
        entry.text = words
        entry.structuredReference =
            text(columns.structuredReference).map(StructuredReferences.tidy) ?? StructuredReferences.find(in: words)
        entry.endToEnd = BankText.reference(text(columns.endToEnd))
        entry.bankReference = BankText.reference(text(columns.bankReference))
        entry.rawText = BankText.decode(raw)
        account(text(columns.ownAccount), line)
        balance(text(columns.balance), day, amount)
        pending = entry
    }

    /// A row without a day belongs to the entry above it: more text, or one payment of a batch. Anything else is a total.
    private func below(_ text: (Int?) -> String?, _ words: String, _ line: Int) {
        if var entry = pending, text(columns.bookingDay) == nil, text(columns.debit) == nil,
            text(columns.credit) == nil,
            text(columns.amount) == nil
        {
            if let written = text(columns.detailAmount),
                let amount = try? BankCSVValues.amount(written, entry.amount.currency, mark: layout.decimalMark)
            {
                var detail = BankEntryDetail()
                detail.amount = entry.amount.isNegative ? -amount.magnitude : amount
                detail.text = words
                detail.structuredReference = StructuredReferences.find(in: words)
                detail.structuredReferences = [detail.structuredReference].compactMap(\.self)
                entry.details.append(detail)
            } else if !words.isEmpty {
                entry.text = entry.text.isEmpty ? words : entry.text + " " + words
                entry.structuredReference = entry.structuredReference ?? StructuredReferences.find(in: words)
            }
            pending = entry
            return
        }
        let isEmpty =
            text(columns.bookingDay) == nil && text(columns.amount) == nil && text(columns.debit) == nil
            && text(columns.credit) == nil
        guard !isEmpty else { return }
        skipped += 1
        if skipped <= 10 {
            teller.warn(.skipped, line: line, "The row has no day and was left out, as a total would be.")
        }
    }

    private func currency(_ text: (Int?) -> String?, _ line: Int) -> Currency? {
        if let written = text(columns.currency) {
            if let currency = Currency(evenWithdrawn: written) { return currency }
            teller.problem(
                BankFileProblem(
                    .currency, line: line, field: columns.currency.map { layout.headings[$0] }, value: written,
                    why: "The books keep no such currency.", next: "Correct the row, or leave the file out."))
            return nil
        }
        if let currency = headingCurrency ?? options.currency { return currency }
        teller.problem(
            BankFileProblem(
                .currency, line: line, why: "No column tells the currency.", next: "Say the currency of the account."))
        return nil
    }

    private func amount(_ text: (Int?) -> String?, _ currency: Currency, _ line: Int) -> Money? {
        var sum: Money?
        for (column, isDebit) in [(columns.amount, false), (columns.debit, true), (columns.credit, false)] {
            guard let column, let written = text(column) else { continue }
            do {
                var amount = try BankCSVValues.amount(written, currency, mark: layout.decimalMark)
                if isDebit, !layout.debitsAreNegative { amount = -amount }
                sum = sum.map { $0 + amount } ?? amount
            } catch {
                teller.problem(
                    BankFileProblem(
                        .amount, line: line, field: layout.headings[column], value: written,
                        why: "The amount in \(currency.code) cannot be taken: \(error.why).",
                        next: "Correct the row, or fetch the file again."))
                return nil
            }
        }
        guard var amount = sum else {
            teller.warn(.skipped, line: line, "The row has a day but no amount and was left out.")
            return nil
        }
        if let way = text(columns.direction) {
            let isOut = map.outWords.contains { $0.lowercased() == way.lowercased() }
            amount = isOut ? -amount.magnitude : amount.magnitude
        }
        return map.positiveIsOut ? -amount : amount
    }

    private func account(_ written: String?, _ line: Int) {
        guard let written, map.account == nil else { return }
        if header.account == nil { header.account = written }
        if header.account != written {
            teller.problem(
                BankFileProblem(
                    .map, line: line, field: columns.ownAccount.map { layout.headings[$0] }, value: written,
                    why: "The file holds several accounts.", next: "Export each account into a file of its own."))
        }
    }

    private func balance(_ written: String?, _ day: Day, _ amount: Money) {
        let balance = written.flatMap { try? BankCSVValues.amount($0, amount.currency, mark: layout.decimalMark) }
        let row = Row(day: day, amount: amount, balance: balance)
        if first == nil { first = row }
        last = row
    }

    /// `Belastung CHF`, `Saldo (EUR)`
    private func currencyOfHeadings() -> Currency? {
        for case let index? in [columns.amount, columns.credit, columns.debit, columns.balance] {
            let words = layout.headings[index].split { !$0.isLetter }
            if let code = words.last, code.utf8.count == 3, code == code.uppercased(),
                let currency = Currency(evenWithdrawn: code)
            {
                return currency
            }
        }
        return nil
    }

    // MARK: The statement

    private func flush() {
        guard let entry = pending else { return }
        pending = nil
        if !told {
            told = true
            header.currency = entry.amount.currency
            teller.tell(.statementBegan(header))
        }
        tally.count(entry)
        teller.tell(.entry(entry))
    }

    private func finish() {
        flush()
        if !told {
            header.currency = headingCurrency ?? options.currency
            teller.tell(.statementBegan(header))
            teller.warn(.noEntries, line: header.lineNumber, "The table has headings but no entry.")
        }
        settleBalances()
        let (totals, warnings) = tally.finish(header)
        for warning in warnings { teller.tell(.warning(warning)) }
        teller.tell(.statementEnded(header, totals))
    }

    /// Tables come oldest first or newest first. Within one day the order does not tell; then the one that adds up is taken.
    private func settleBalances() {
        guard let first, let last, let top = first.balance, let bottom = last.balance, top.currency == bottom.currency,
            first.amount.currency == last.amount.currency
        else { return }
        let rising = (opening: (first.day, top - first.amount), closing: (last.day, bottom))
        let falling = (opening: (last.day, bottom - last.amount), closing: (first.day, top))
        var isRising = first.day <= last.day
        if first.day == last.day {
            header.opening = BankBalance(type: "OPBD", day: first.day, amount: rising.opening.1)
            header.closing = BankBalance(type: "CLBD", day: last.day, amount: rising.closing.1)
            var copy = tally
            isRising = copy.finish(header).0.balanced == true
        }
        let taken = isRising ? rising : falling
        header.opening = BankBalance(type: "OPBD", day: taken.opening.0, amount: taken.opening.1)
        header.closing = BankBalance(type: "CLBD", day: taken.closing.0, amount: taken.closing.1)
    }
}
