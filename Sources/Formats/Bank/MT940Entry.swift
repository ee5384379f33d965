import Money

/// A `:61:` and the `:86:` below it.
struct MT940Entry {
    var line: Int
    var bookingDay: Day?
    var valueDay: Day?
    /// Days as written that do not exist, and what was taken.
    var adjustedDays: [(String, Day)] = []
    var amount: Money!
    var isReversal = false
    var status: String?
    var type: String?
    var customerReference: String?
    var bankReference: String?
    var supplementary: String?
    /// The name in the columns of an old Dutch `:61:`.
    var columnName: String?
    private var details: [UInt8] = []
    private var isFreeForm = true

    init(line: Int) { self.line = line }

    /// Bytes of its texts.
    var size: Int { details.count }

    /// More `:86:` of the same entry go on on a new line.
    mutating func addDetails(_ field: SwiftField) {
        if !details.isEmpty { details.append(10) }
        details.append(contentsOf: field.bytes)
        isFreeForm = field.tag != "NS"
    }

    func finished(own account: String?) -> BankEntry {
        var entry = BankEntry(amount: amount, lineNumber: line)
        entry.bookingDay = bookingDay
        entry.valueDay = valueDay
        entry.isReversal = isReversal
        entry.status = status
        entry.transactionCode = type
        entry.bankReference = bankReference
        entry.customerReference = BankText.reference(customerReference)
        if !details.isEmpty { entry.rawText = BankText.trimmed(BankText.decode(details)) }
        let found = isFreeForm ? MT940Details(details) : MT940Details(structured: details)
        entry.text = found.text
        entry.transactionCode = found.code ?? type
        entry.counterparty = found.counterparty(isCredit: !amount.isNegative) ?? columnName
        entry.ultimateCounterparty = found.ultimate
        entry.counterpartyAccount = found.account ?? accountOfLine
        entry.endToEnd = BankText.reference(found.endToEnd)
        entry.returnReason = found.returnReason
        entry.structuredReference =
            found.structuredReference.map(StructuredReferences.tidy) ?? StructuredReferences.find(in: found.searched)
        entry.charges = found.charges(amount.currency)
        if entry.text.isEmpty, accountOfLine == nil, let supplementary, !supplementary.hasPrefix("/") {
            entry.text = BankText.squeezed(supplementary)
        }
        return entry
    }

    /// The counter account where the bank puts it into `:61:`: on its second line, or in the columns of the reference.
    private var accountOfLine: String? {
        if let supplementary, let word = supplementary.split(whereSeparator: \.isWhitespace).first {
            if BankText.looksLikeIBAN(word.utf8) { return String(word) }
            if let number = Self.giro(word) { return number }
        }
        guard columnName != nil, let customerReference else { return nil }
        return Self.giro(customerReference)
            ?? (customerReference.utf8.allSatisfy { (48...57).contains($0) } ? customerReference : nil)
    }
    /// `P001234567`: a number of the Dutch Postbank.
    private static func giro(_ text: some StringProtocol) -> String? {
        guard text.hasPrefix("P"), (8...11).contains(text.utf8.count),
            text.utf8.dropFirst().allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return String(text.dropFirst())
    }
}
