import Money

/// The words and digit runs of a remittance text, with what stands between them.
/// A run of digits is never cut: `RE-2025-000001` is not found in `RE-2025-0000012`.
struct RemittanceText: Sendable {
    struct Run: Sendable {
        var start: Int
        var end: Int
        var isDigits: Bool
        /// The run's number; -1 for words and beyond 18 digits.
        var value: Int64
        /// The first character before the run that is no blank (a blank where there is none else); 0: follows directly.
        var gap: UInt8
        /// Part of a date, an amount of money or a percentage, or of a field that is no free text: only whole numbers count here.
        var masked = false
        var length: Int { end - start }
        var hasLeadingZero = false
    }

    private(set) var bytes: [UInt8] = []
    private(set) var runs: [Run] = []
    /// Long enough that the bank may have cut the rest (140 characters are common).
    private(set) var mayBeCut = false
    private(set) var hints = Hints()
    /// Days written out, the year 0 where it is missing. Day and month may stand in either order.
    private var dates: [(year: Int64, first: Int64, second: Int64)] = []

    /// Whether the text gives this day: the issue day of what is paid, usually.
    func names(_ day: Day) -> Bool {
        guard !dates.isEmpty else { return false }
        let parts = day.parts
        let (month, ofMonth) = (Int64(parts.month), Int64(parts.day))
        return dates.contains {
            ($0.year == 0 || $0.year % 100 == Int64(parts.year) % 100)
                && (($0.first == ofMonth && $0.second == month) || ($0.first == month && $0.second == ofMonth))
        }
    }

    struct Hints: OptionSet, Sendable {
        let rawValue: UInt8
        init(rawValue: UInt8) { self.rawValue = rawValue }
        static let discount = Hints(rawValue: 1)
        static let part = Hints(rawValue: 2)
        /// Money that pays no invoice: refunds, deposits, interest, rent, returned debits.
        static let notForInvoices = Hints(rawValue: 4)
        /// Something was kept back: freight, damage, a dispute.
        static let deduction = Hints(rawValue: 8)
    }

    init(number: String) {
        Folding.append(number, to: &bytes)
        scan(from: 0)
    }

    init(_ receipt: MatchReceipt) {
        bytes.reserveCapacity(192)
        if let reference = receipt.structuredReference, !reference.isEmpty {
            Folding.append(reference, to: &bytes)
            bytes.append(0x0A)
        }
        Folding.append(receipt.text, to: &bytes)
        mayBeCut = receipt.text.utf8.count >= 130
        scan(from: 0)
        maskDatesAndAmounts()
        if let reference = receipt.endToEnd, !reference.isEmpty, reference != "NOTPROVIDED" {
            let before = runs.count
            bytes.append(0x0A)
            Folding.append(reference, to: &bytes)
            scan(from: bytes.count - reference.utf8.count)
            for index in runs.indices.dropFirst(before) { runs[index].masked = true }
        }
        for run in runs where !run.isDigits && run.length >= 2 {
            if let hint = Self.hintWords[Self.word(bytes[run.start..<run.end])] { hints.formUnion(hint) }
        }
        // A claim deducted from a payment is no claim paid out.
        if hints.contains(.deduction) { hints.remove(.notForInvoices) }
    }

    private mutating func scan(from start: Int) {
        var place = max(0, start)
        var gap: UInt8 = place == 0 ? 0 : 0x0A
        while place < bytes.count {
            let byte = bytes[place]
            if Folding.isDigit(byte) {
                var end = place
                var value: Int64 = 0
                while end < bytes.count, Folding.isDigit(bytes[end]) {
                    if end - place < 18 { value = value * 10 + Int64(bytes[end] - 0x30) }
                    end += 1
                }
                runs.append(
                    Run(
                        start: place, end: end, isDigits: true, value: end - place > 18 ? -1 : value, gap: gap,
                        hasLeadingZero: byte == 0x30 && end - place > 1))
                place = end
                gap = 0
            } else if Folding.isLetter(byte) {
                var end = place
                while end < bytes.count, Folding.isLetter(bytes[end]) { end += 1 }
                runs.append(Run(start: place, end: end, isDigits: false, value: -1, gap: gap))
                place = end
                gap = 0
            } else {
                let blank = byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
                if gap == 0 || (!blank && gap == 0x20) { gap = blank ? 0x20 : byte }
                place += 1
            }
        }
    }

    private func directly(_ index: Int, after separators: String) -> Bool {
        guard index > 0, index < runs.count, runs[index].isDigits, runs[index - 1].isDigits,
            runs[index].start - runs[index - 1].end == 1
        else { return false }
        return separators.utf8.contains(runs[index].gap)
    }

    private mutating func maskDatesAndAmounts() {
        var index = 0
        while index < runs.count {
            defer { index += 1 }
            guard runs[index].isDigits else { continue }
            let first = runs[index]
            if directly(index + 1, after: ".-/"), directly(index + 2, after: ".-/"), isDate(at: index) {
                for part in index...index + 2 { runs[part].masked = true }
                let (a, b, c) = (runs[index], runs[index + 1], runs[index + 2])
                dates.append(
                    a.length == 4 ? (a.value, b.value, c.value) : (c.value, a.value, b.value))
                index += 2
            } else if directly(index + 1, after: "."), first.length <= 2, (1...31).contains(first.value),
                runs[index + 1].length == 2, (1...12).contains(runs[index + 1].value),
                runs[index + 1].end < bytes.count, bytes[runs[index + 1].end] == 0x2E
            {
                runs[index].masked = true
                runs[index + 1].masked = true
                dates.append((0, first.value, runs[index + 1].value))
                index += 1
            } else if isMoney(at: index) {
                runs[index].masked = true
                while directly(index + 1, after: ".,") {
                    index += 1
                    runs[index].masked = true
                }
            } else if first.end < bytes.count, bytes[first.end...].prefix(2).contains(0x25) {
                runs[index].masked = true
                if directly(index, after: ".,") { runs[index - 1].masked = true }
            }
        }
    }

    private func isDate(at index: Int) -> Bool {
        let (a, b, c) = (runs[index], runs[index + 1], runs[index + 2])
        let yearFirst =
            a.length == 4 && (1990...2099).contains(a.value) && (1...12).contains(b.value) && (1...31).contains(c.value)
        let yearLast =
            (c.length == 4 ? (1990...2099).contains(c.value) : c.length == 2) && (1...31).contains(a.value)
            && (1...31).contains(b.value) && min(a.value, b.value) <= 12
        return b.length <= 2 && ((yearFirst && c.length <= 2) || (yearLast && a.length <= 2))
    }

    /// Follows or precedes a currency, or is written with two decimals.
    private func isMoney(at index: Int) -> Bool {
        let run = runs[index]
        if [0x24, 0xA3].contains(run.gap) { return true }
        if index > 0, !runs[index - 1].isDigits,
            Self.currencies.contains(Self.word(bytes[runs[index - 1].start..<runs[index - 1].end]))
        {
            return true
        }
        var last = index
        while directly(last + 1, after: ".,") { last += 1 }
        if last + 1 < runs.count, !runs[last + 1].isDigits,
            Self.currencies.contains(Self.word(bytes[runs[last + 1].start..<runs[last + 1].end]))
        {
            return true
        }
        return last == index + 1 && run.length >= 3 && runs[last].length == 2
    }

    /// Up to eight letters as one number, for fast comparison with word lists; longer words by their first eight and length.
    static func word(_ bytes: some Collection<UInt8>) -> UInt64 {
        KeyHash.of(bytes)
    }
    static func words(_ list: String) -> [UInt64] { list.split(separator: " ").map { word(Array($0.utf8)) } }

    private static let currencies = Set(
        words("EUR EURO USD GBP JPY CHF PLN CZK SEK NOK DKK YEN") + [word(Array("€".utf8))])
    private static let hintWords: [UInt64: Hints] = {
        var table: [UInt64: Hints] = [:]
        for word in words("SKONTO DISCOUNT ESCOMPTE SCONTO DESCUENTO KORTING SKONTA EARLY RABATT KASSASKONTO") {
            table[word] = .discount
        }
        for word in words(
            "TEIL TEILZAHLUNG RATE RATENZAHLUNG ABSCHLAG ANZAHLUNG INSTALMENT INSTALLMENT PART PARTIAL ACOMPTE ACCONTO ACUENTA "
                + "TERMIJN RATA PARTIEL PARCIAL DEPOSIT")
        {
            table[word] = .part
        }
        for word in words(
            "ERSTATTUNG RUECKERSTATTUNG RUCKERSTATTUNG RUCKZAHLUNG RUECKZAHLUNG REFUND REIMBURSEMENT REMBOURSEMENT RIMBORSO "
                + "REEMBOLSO TERUGBETALING ZWROT KAUTION MIETE RENT LOYER ZINSEN HABENZINSEN INTEREST STEUER UST VAT GEHALT "
                + "GEHALTER SALARY PAYROLL SCHADEN CLAIM RETURN RETOURE RUCKLASTSCHRIFT RUECKLASTSCHRIFT NSF CHARGEBACK BATCH "
                + "SETTLEMENT")
        {
            table[word] = .notForInvoices
        }
        for word in words(
            "DEDUCTION DEDUCTED DEDUCT LESS ALLOWANCE DAMAGE DAMAGED SHORT SHORTAGE DISPUTE DISPUTED PROMO ABZUG ABZUEGLICH ABZUGLICH "
                + "ABZGL KURZUNG KUERZUNG MINDERUNG MANGEL BESCHADIGT BESCHAEDIGT RETENUE DEDUCTION LITIGE DETRAZIONE INHOUDING POTRACENIE"
        ) {
            table[word] = .deduction
        }
        return table
    }()
}
