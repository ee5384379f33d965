import Ledger
import Money
import Typesetting

/// The styles of paper, in points.
enum PaperStyle {
    static let text = TextStyle(size: 9.2, leading: 13)
    static let letter = TextStyle(size: 9.6, leading: 14.2)
    static let table = TextStyle(size: 8.6, leading: 12)
    static let tableStrong = table.weight(.semibold)
    static let head = TextStyle(size: 7.6, leading: 10, weight: .medium, colour: .secondInk)
    static let detail = TextStyle(size: 7.6, leading: 10.4, colour: .thirdInk)
    static let label = TextStyle(size: 7.6, leading: 10, colour: .secondInk)
    static let fact = TextStyle(size: 8.6, leading: 12.2)
    static let small = TextStyle(size: 6.9, leading: 10.2, colour: .secondInk)
    static let address = TextStyle(size: 9.8, leading: mm(4.5))
    static let title = TextStyle(size: 13, leading: 17, weight: .semibold)
    static let value = TextStyle(size: 9.4, leading: 12.5, weight: .semibold)
    static let total = TextStyle(size: 10.6, leading: 14, weight: .semibold)
}

/// A line of the information block: what, and one or more lines of it.
struct PaperFact {
    let label: String
    let values: [String]

    /// nil where there is nothing to say, so that no hole is left.
    init?(_ label: String, _ values: [String?]) {
        self.label = label
        self.values = values.compactMap(\.self).filter { !$0.isEmpty }
        if self.values.isEmpty { return nil }
    }
    init?(_ label: String, _ value: String?) { self.init(label, [value]) }
}

/// The page around a paper: DIN 5008 form B, so that the address stands in the window of the envelope.
struct Letterhead {
    let seller: PaperSeller
    let recipient: PaperRecipient
    let language: PaperLanguage
    let facts: [PaperFact]
    let title: String
    /// At the top of the pages that follow: name, number, customer.
    let runningTitle: String
    /// Whether the first fact is the document's number, set strong.
    let strongFirstFact: Bool

    static let left = mm(25)
    static let right = mm(190)
    static let bottom = mm(276)

    /// Sets the first page down to the title; the cursor stands where the text begins.
    func begin() -> Flow {
        let pages = Composition(han: recipient.hanForms)
        setSender(on: pages)
        let addressEnd = setAddress(on: pages)
        let factsEnd = setFacts(on: pages)
        let top = max(mm(98.5), max(addressEnd, factsEnd) + mm(6))
        let height = pages.put(
            RichText(title, PaperStyle.title), as: .heading, x: Self.left, y: top, width: Self.right - Self.left)
        return Flow(
            pages, y: top + height + mm(2.2), left: Self.left, right: Self.right, bottom: Self.bottom, nextTop: mm(26))
    }

    /// Sets what every page has, when their number is known.
    func finish(_ flow: Flow) {
        let pages = flow.pages
        for page in 1...pages.pageCount {
            pages.turn(toPage: page)
            if page == 1 { setFoldMarks(on: pages) } else { setRunningHead(on: pages) }
            setFooter(on: pages, page: page)
        }
    }

    private func setSender(on pages: Composition) {
        let name = seller.wordmark.flatMap { $0.isEmpty ? nil : $0 } ?? seller.name
        // The largest size at which the name keeps clear of the address; below that it wraps.
        let sizes = [20.0, 17, 14, 11.5]
        let size = sizes.first { pages.shape(RichText(name, Self.mark($0))).width <= mm(95) } ?? sizes[3]
        let mark = pages.shape(RichText(name, Self.mark(size)), width: mm(95))
        pages.open(.paragraph)
        pages.put(mark, x: Self.left, y: mm(25.5) - mark.height)
        pages.close(.paragraph)
        let address = seller.addressLines.filter { !$0.isEmpty }.joined(separator: ", ")
        let reach = [seller.phone, seller.email].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " · ")
        var y = mm(14.3)
        for line in [seller.name, address, reach] where !line.isEmpty {
            y += pages.put(
                RichText(line, PaperStyle.label), as: .paragraph, x: Self.right, y: y, width: mm(66), .right)
        }
    }

    private static func mark(_ size: Double) -> TextStyle {
        TextStyle(size: size, leading: size * 1.2, weight: .semibold)
    }

    private func setAddress(on pages: Composition) -> Double {
        let sender = ([seller.name] + seller.addressLines).filter { !$0.isEmpty }.joined(separator: " · ")
        let line = pages.shape(RichText(sender, PaperStyle.small), width: mm(80))
        pages.put(line, x: Self.left, y: mm(60.7) - line.height)
        pages.rule(from: Self.left, to: mm(105), y: mm(61.1), .strongLine)
        let lines = recipient.addressLines.filter { !$0.isEmpty }
        var y = mm(62.7)
        guard !lines.isEmpty else { return y }
        pages.open(.section)
        for line in lines {
            y += pages.put(RichText(line, PaperStyle.address), as: .paragraph, x: Self.left, y: y, width: mm(80))
        }
        pages.close(.section)
        return y
    }

    private func setFacts(on pages: Composition) -> Double {
        var y = mm(50.4)
        pages.open(.section)
        for (index, fact) in facts.enumerated() {
            let label = Self.fitted(
                fact.label, PaperStyle.fact.colour(.secondInk), width: mm(25), on: pages)
            let style = index == 0 && strongFirstFact ? PaperStyle.fact.weight(.semibold) : PaperStyle.fact
            pages.open(.paragraph)
            pages.put(label, x: mm(125), y: y)
            var end = y
            for value in fact.values {
                let shaped = Self.fitted(value, style, width: mm(39), on: pages)
                pages.put(shaped, x: mm(151), y: end)
                end += shaped.height
            }
            pages.close(.paragraph)
            y = max(y + label.height, end)
        }
        pages.close(.section)
        return y
    }

    /// What cannot be broken well (a mail address, a long number) is set smaller before it is broken.
    private static func fitted(
        _ text: String, _ style: TextStyle, width: Double, on pages: Composition
    ) -> ShapedText {
        let natural = pages.shape(RichText(text, style))
        guard natural.width > width, !text.contains(" ") else {
            return natural.width > width ? pages.shape(RichText(text, style), width: width) : natural
        }
        var smaller = style
        // In quarters of a point, so that there are few sizes.
        smaller.size = max((style.size * width / natural.width * 4).rounded(.down) / 4, 7)
        return pages.shape(RichText(text, smaller), width: width)
    }

    private func setFoldMarks(on pages: Composition) {
        pages.rule(from: mm(4), to: mm(8), y: mm(105), .strongLine)
        pages.rule(from: mm(4), to: mm(10), y: mm(148.5), .strongLine)
        pages.rule(from: mm(4), to: mm(8), y: mm(210), .strongLine)
    }

    private func setRunningHead(on pages: Composition) {
        let name = seller.wordmark.flatMap { $0.isEmpty ? nil : $0 } ?? seller.name
        let style = PaperStyle.fact.weight(.semibold)
        let title = pages.shape(RichText(runningTitle, PaperStyle.fact.colour(.secondInk)))
        let room = Self.right - Self.left - title.width - 12
        // Both on one line, or the name alone gives way.
        let mark = pages.shape(RichText(name, style))
        if mark.width <= room { pages.put(mark, x: Self.left, y: mm(16)) }
        if title.width <= Self.right - Self.left {
            pages.put(title, x: Self.right, y: mm(16), .right)
        } else {
            let cut = pages.shape(
                RichText(runningTitle, PaperStyle.small), width: Self.right - Self.left)
            pages.put(cut, lines: 0..<min(cut.lineCount, 2), x: Self.left, y: mm(16))
        }
    }

    private func setFooter(on pages: Composition, page: Int) {
        let labels = language.labels
        pages.rule(from: Self.left, to: Self.right, y: mm(279), .strongLine)
        func part(_ label: String, _ value: String?) -> String? {
            value.flatMap { $0.isEmpty ? nil : "\(label) \($0)" }
        }
        let bank = seller.bank
        let columns = [
            [seller.name, seller.register],
            [part(labels.vatID, seller.vatID), part(labels.taxNumber, seller.taxNumber), seller.management],
            [
                part(
                    bank.map { IBAN.hasForm(IBAN.compact($0.iban)) } == false ? labels.account : "IBAN",
                    bank.map { PaymentPart.grouped($0.iban) }),
                [part("BIC", bank?.bic), bank?.name].compactMap(\.self).joined(separator: " · "),
            ],
        ].map { $0.compactMap(\.self).filter { !$0.isEmpty } }.filter { !$0.isEmpty }
        let lefts = [Self.left, mm(75.4), mm(121)]
        let widths = [mm(48), mm(43), mm(51)]
        for (index, lines) in columns.enumerated() {
            let text = pages.shape(
                RichText(lines.joined(separator: "\n"), PaperStyle.small), width: widths[index])
            pages.put(text, lines: 0..<min(text.lineCount, 4), x: lefts[index], y: mm(280.6))
        }
        pages.put(
            RichText(labels.pageOf(page, pages.pageCount), PaperStyle.small), x: Self.right, y: mm(280.6), .right)
    }
}
