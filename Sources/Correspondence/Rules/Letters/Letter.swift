import Money

/// The words of a letter, once: the mail's plain text, its HTML and the paper all read them from here.
/// No-break spaces keep amounts and their currency together.
public struct Letter: Sendable, Hashable {
    public struct Paragraph: Sendable, Hashable, ExpressibleByStringInterpolation {
        /// One of several ways to go on; nil: a plain paragraph.
        public var number: Int?
        /// The first words, set strong; the text goes on after a space.
        public var strong: String
        public var text: String

        public init(_ text: String, strong: String = "", number: Int? = nil) {
            self.text = text
            self.strong = strong
            self.number = number
        }
        public init(stringLiteral text: String) { self.init(text) }

        /// `1. Pay the sum.`
        public var line: String {
            (number.map { "\($0). " } ?? "") + [strong, text].filter { !$0.isEmpty }.joined(separator: " ")
        }
    }

    /// Rows of cells; every row has as many as the headings. The last column holds amounts.
    public struct Table: Sendable, Hashable {
        public var headings: [String]
        public var rows: [[String]]
        /// Set apart below the rows.
        public var totals: [[String]]
        /// Columns that end flush on the right.
        public var flushRight: Set<Int>
    }

    public struct Fact: Sendable, Hashable {
        public var label: String
        public var value: String
    }

    public var language: PaperLanguage
    public var subject: String
    /// With its comma; in German what follows it goes on in the same sentence.
    public var salutation: String
    /// What is said before the table.
    public var opening: [Paragraph]
    public var table: Table?
    /// After the table.
    public var closing: [Paragraph]
    /// How to pay. On paper the payment part says it.
    public var payment: [Fact]
    /// The last paragraphs, after how to pay.
    public var ending: [Paragraph]
    public var greeting: String
    /// Who signs, then how to reach them: a line each.
    public var signature: [String]

    /// The paragraphs of a paper letter in their order: what comes before the table, and what comes after it.
    public var paragraphs: (opening: [Paragraph], closing: [Paragraph]) {
        ([Paragraph(salutation)] + opening, closing + ending)
    }

    /// The letter as plain text for a mail: paragraphs on one line each, the table in columns, ordinary spaces.
    public var text: String {
        var parts = [salutation] + Letter.blocks(opening)
        if let table { parts.append(table.text) }
        parts += Letter.blocks(closing)
        if !payment.isEmpty { parts.append(Letter.columns(payment)) }
        parts += Letter.blocks(ending) + [greeting, signature.joined(separator: "\n")]
        return Letter.plain(parts.joined(separator: "\n\n")) + "\n"
    }

    /// Numbered paragraphs stand on lines of their own, without a blank line between them.
    private static func blocks(_ paragraphs: [Paragraph]) -> [String] {
        var blocks: [String] = []
        var follows = false
        for paragraph in paragraphs {
            if follows, paragraph.number != nil {
                blocks[blocks.count - 1] += "\n" + paragraph.line
            } else {
                blocks.append(paragraph.line)
            }
            follows = paragraph.number != nil
        }
        return blocks
    }

    private static func columns(_ facts: [Fact]) -> String {
        let width = facts.map { LetterText.width($0.label) }.max() ?? 0
        return facts.map { "  " + padded($0.label + ":", width + 1, right: false) + "  " + $0.value }.joined(
            separator: "\n")
    }

    /// No-break spaces are for typesetting; in plain text they would hide an amount from a search.
    static func plain(_ text: String) -> String {
        String(text.map { $0 == "\u{A0}" ? " " : $0 })
    }

    static func padded(_ text: String, _ width: Int, right: Bool) -> String {
        let blank = String(repeating: " ", count: max(0, width - LetterText.width(text)))
        return right ? blank + text : text + blank
    }
}

extension Letter.Table {
    fileprivate var text: String {
        let all = [headings] + rows + totals
        let widths = headings.indices.map { column in all.map { LetterText.width($0[column]) }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = cells.indices.map { Letter.padded(cells[$0], widths[$0], right: flushRight.contains($0)) }
            var line = "  " + padded.joined(separator: "   ")
            while line.last == " " { line.removeLast() }
            return line
        }
        let rule = "  " + String(repeating: "-", count: widths.reduce(0, +) + 3 * (widths.count - 1))
        return ([line(headings), rule] + rows.map(line) + (totals.isEmpty ? [] : [rule]) + totals.map(line))
            .joined(separator: "\n")
    }
}

extension Letter.Table {
    /// Document, day, due, days late, open: the table of reminders and statements.
    /// `extra` rows (interest, compensation) have a label and an amount.
    init(
        items: [LetterItem], on day: Day, extra: [(label: String, amount: Money)] = [], totals: [Money],
        totalLabel: String, figures: PaperFigures
    ) {
        let german = figures.language == .german
        func word(_ item: LetterItem) -> String {
            let number = LetterText.inline(item.number)
            return switch item.kind {
            case .invoice, .other: number
            case .creditNote: (german ? "Rechnungskorrektur " : "Credit note ") + number
            case .payment: (german ? "Zahlung " : "Payment ") + number
            }
        }
        self.init(
            headings: german
                ? ["Beleg", "Datum", "Fällig", "Verzug", "Offen"] : ["Document", "Date", "Due", "Late", "Open"],
            rows: items.map { item in
                [
                    word(item), item.day.map(figures.day) ?? "", item.due.map(figures.day) ?? "",
                    item.daysLate(on: day).map(figures.days) ?? "", figures.withCurrency(item.open),
                ]
            } + extra.map { [$0.label, "", "", "", figures.withCurrency($0.amount)] },
            totals: totals.map { [totalLabel, "", "", "", figures.withCurrency($0)] }, flushRight: [3, 4])
    }
}
