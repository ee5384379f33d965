import Money

/// Texts of camt to values, with the line where they stand if they are wrong.
extension CamtReader {
    /// Unsigned as written (a sign inside the text is kept; see `signed`). nil and a problem where it is no amount.
    func money(
        _ text: UnsafeBufferPointer<UInt8>, _ attribute: UnsafeBufferPointer<UInt8>, _ field: String
    ) -> Money? {
        guard let currency = attribute.isEmpty ? accountCurrency : currency(attribute, field) else {
            if attribute.isEmpty {
                teller.problem(
                    BankFileProblem(
                        .currency, line: line, field: field, why: "The amount has no currency.",
                        next: "Ask the bank for a corrected file."))
            }
            return nil
        }
        do {
            let minor = try FixedPoint.parse(bytes: text, decimals: currency.decimals)
            guard abs(minor) <= Money.limit else { throw DecimalProblem.tooLarge }
            return Money(minor: minor, currency)
        } catch {
            let why = (error as? DecimalProblem ?? .notANumber).why
            teller.problem(
                BankFileProblem(
                    .amount, line: line, field: field, value: text.string ?? "",
                    why: "The amount in \(currency.code) cannot be taken: \(why).",
                    next: "Ask the bank for a corrected file."))
            return nil
        }
    }

    /// An amount below an entry, which may be in a currency the books do not keep: then it is left out, without a problem.
    func sideMoney(
        _ text: UnsafeBufferPointer<UInt8>, _ attribute: UnsafeBufferPointer<UInt8>, _ field: String
    ) -> Money? {
        if !attribute.isEmpty, known(attribute) == nil {
            teller.warn(
                .currency, line: line,
                "\(field): \(attribute.string ?? "") is no currency the books keep; the amount is left out.")
            return nil
        }
        return money(text, attribute, field)
    }

    func currency(_ text: UnsafeBufferPointer<UInt8>, _ field: String) -> Currency? {
        if let currency = known(text) { return currency }
        teller.problem(
            BankFileProblem(
                .currency, line: line, field: field, value: text.string ?? "",
                why: "The books keep no such currency.", next: "Have the currency added, or leave this file out."))
        return nil
    }

    /// The same currency stands at nearly every amount of a file, so the last one is kept at hand.
    private func known(_ text: UnsafeBufferPointer<UInt8>) -> Currency? {
        guard text.count == 3 else { return nil }
        let key = UInt32(text[0]) << 16 | UInt32(text[1]) << 8 | UInt32(text[2])
        if key == lastCurrencyKey { return lastCurrency }
        guard let currency = Currency(evenWithdrawn: String(decoding: text, as: UTF8.self)) else { return nil }
        lastCurrencyKey = key
        lastCurrency = currency
        return currency
    }

    func isDebit(_ text: UnsafeBufferPointer<UInt8>, _ field: String) -> Bool? {
        if text.equals("CRDT") { return false }
        if text.equals("DBIT") { return true }
        teller.problem(
            BankFileProblem(
                .sign, line: line, field: field, value: text.string ?? "", why: "It is neither CRDT nor DBIT.",
                next: "Ask the bank for a corrected file."))
        return nil
    }

    /// The date as written: of a date and time with an offset, the local day.
    func day(_ text: UnsafeBufferPointer<UInt8>, _ field: String) -> Day? {
        guard text.count >= 10, text[4] == 45, text[7] == 45, let year = text.number(0..<4),
            let month = text.number(5..<7), let day = text.number(8..<10),
            let first = Day(year: year, month: month, day: 1), (1...31).contains(day)
        else {
            teller.problem(
                BankFileProblem(
                    .day, line: line, field: field, value: text.string ?? "", why: "It is no date.",
                    next: "Ask the bank for a corrected file."))
            return nil
        }
        if let exact = Day(year: year, month: month, day: day) { return exact }
        // Banks count interest in months of 30 days, and some write the 30th of February.
        teller.warn(
            .day, line: line, "\(field): \(text.string ?? "") does not exist; \(first.lastOfMonth) is taken instead.")
        return first.lastOfMonth
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Without blanks and line breaks at both ends.
    var trimmed: UnsafeBufferPointer<UInt8> {
        var (from, to) = (0, count)
        while from < to, self[from] <= 32 { from += 1 }
        while to > from, self[to - 1] <= 32 { to -= 1 }
        return UnsafeBufferPointer(rebasing: self[from..<to])
    }
    /// nil where empty. libxml2 has checked the UTF-8.
    var string: String? { isEmpty ? nil : String(decoding: self, as: UTF8.self) }

    func equals(_ word: StaticString) -> Bool {
        count == word.utf8CodeUnitCount && (0..<count).allSatisfy { self[$0] == word.utf8Start[$0] }
    }
    func number(_ range: Range<Int>) -> Int? {
        var value = 0
        for index in range {
            guard self[index] >= 48, self[index] <= 57 else { return nil }
            value = value * 10 + Int(self[index] - 48)
        }
        return value
    }
}
