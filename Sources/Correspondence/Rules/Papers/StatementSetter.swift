import Money
import Typesetting

/// Puts a statement on paper.
struct StatementSetter {
    private let paper: StatementPaper
    private let labels: PaperLabels
    private let figures: PaperFigures
    private let payment: PaymentPart?

    init(_ paper: StatementPaper) {
        self.paper = paper
        labels = paper.language.labels
        figures = paper.language.figures
        payment = PaymentPart(
            amount: paper.amountDue, seller: paper.seller,
            reference: paper.reference ?? paper.recipient.customerNumber, language: paper.language,
            first: [
                [
                    .init(
                        label: paper.isDueNowReckoned ? labels.dueNowReckoned : labels.dueNow,
                        value: figures.withCurrency(paper.amountDue))
                ]
            ], isSmall: true)
    }

    func file() throws(TypesettingFailure) -> PDFFile {
        let head = letterhead()
        var flow = set(head, padding: 8)
        if flow.pages.pageCount > 1 {
            let tight = set(head, padding: 3)
            if tight.pages.pageCount < flow.pages.pageCount { flow = tight }
        }
        head.finish(flow)
        return try flow.pages.pdf(
            DocumentInfo(
                title: head.title, author: paper.seller.name, language: paper.language.rawValue, created: paper.created)
        )
    }

    private func set(_ head: Letterhead, padding: Double) -> Flow {
        let flow = head.begin()
        for text in paper.intro where !text.isEmpty { flow.paragraph(RichText(text, PaperStyle.text)) }
        flow.y += mm(3)
        let ageing = AgeingStrip(paper)
        let notes =
            paper.notes.filter { !$0.isEmpty }.map { RichText($0, PaperStyle.table.colour(.secondInk)) }
            + (paper.seal.map { labels.sealed($0).map { RichText($0, PaperStyle.small) } } ?? [])
        let gap = padding < 8 ? mm(3) : mm(7)
        let notesHeight = notes.reduce(0) { $0 + flow.pages.shape($1, width: mm(140)).height + 4 }
        let paymentHeight = payment.map { $0.height(in: flow.pages) + gap } ?? 0
        // Ages, notes and payment part stay together, and with the last lines; only long notes run on.
        let end = ageing.height + (notesHeight < mm(50) ? notesHeight + paymentHeight : 0)
        setTable(in: flow, padding: padding, tail: end + Self.balanceHeight)
        if !paper.items.isEmpty {
            flow.need(end)
            ageing.set(in: flow)
        }
        for note in notes { flow.paragraph(note, width: mm(140), spaceAfter: 4) }
        payment?.set(in: flow, gap: gap, pin: mm(243))
        return flow
    }

    private func letterhead() -> Letterhead {
        let customer = paper.recipient
        let facts = [
            PaperFact(labels.statement, paper.number), PaperFact(labels.asOf, figures.day(paper.asOf)),
            PaperFact(labels.knownAt, paper.knownAt), PaperFact(labels.customer, customer.customerNumber),
            PaperFact(labels.kind, labels.openItems), PaperFact(labels.yourVATID, customer.vatID),
            PaperFact(labels.questions, paper.contact?.lines ?? []),
        ]
        let title = labels.statementTitle(figures.longDay(paper.asOf))
        let running = [title, customer.addressLines.first, customer.customerNumber].compactMap(\.self)
        return Letterhead(
            seller: paper.seller, recipient: customer, language: paper.language, facts: facts.compactMap(\.self),
            title: title, runningTitle: running.filter { !$0.isEmpty }.joined(separator: " · "),
            strongFirstFact: paper.number != nil)
    }

    // MARK: Table

    private static let balanceHeight = 26.0

    private func setTable(in flow: Flow, padding: Double, tail: Double) {
        guard !paper.items.isEmpty else {
            flow.paragraph(RichText(labels.nothingOpen, PaperStyle.text), spaceAfter: 6)
            return
        }
        let hasOriginal = paper.items.contains { $0.original != nil && $0.original != $0.open }
        let table = self.table(hasOriginal: hasOriginal, padding: padding, in: flow)
        let setting = table.set(in: flow, tail: tail)
        setBalance(in: flow, setting, column: hasOriginal ? 5 : 4)
    }

    private func table(hasOriginal: Bool, padding: Double, in flow: Flow) -> Table {
        // What an item is stands beside its number where that fits, else below it.
        let room = mm(hasOriginal ? 44 : 62)
        func head(_ text: String) -> RichText { RichText(text, PaperStyle.head) }
        let code = paper.currency.code
        var columns = [
            Table.Column(head(labels.date), .left, .natural(atMost: 70)),
            Table.Column(head(labels.document), .left, .rest),
            Table.Column(head(labels.due), .right, .natural),
            Table.Column(head(labels.late), .right, .natural),
        ]
        if hasOriginal { columns.append(Table.Column(head(labels.original), .right, .natural)) }
        columns.append(Table.Column(head("\(labels.open), \(code)"), .right, .natural))
        columns.append(Table.Column(head("\(labels.balance), \(code)"), .right, .natural))
        var sum = Money.zero(paper.currency)
        var sums = [figures.amount(sum)]
        let rows = paper.items.map { item in
            sum += item.open
            sums.append(figures.amount(sum))
            return Table.Row(
                cells(
                    item, balance: sums[sums.count - 1], hasOriginal: hasOriginal,
                    document: document(item, room: room, in: flow)))
        }
        let labels = self.labels
        func strong(_ text: String) -> RichText { RichText(text, PaperStyle.tableStrong) }
        let carry = Table.Carry(
            labelColumn: 1, amountColumn: columns.count - 2, forward: { strong(labels.carriedForward($0)) },
            brought: { strong(labels.broughtForward($0)) }, sum: { strong(sums[$0]) })
        return Table(columns: columns, rows: rows, carry: carry, padding: padding, gap: 11)
    }

    private func cells(
        _ item: StatementPaper.Item, balance: String, hasOriginal: Bool, document: [RichText]
    ) -> [[RichText]] {
        func one(_ text: String) -> [RichText] { text.isEmpty ? [] : [RichText(text, PaperStyle.table)] }
        let late = item.daysLate(asOf: paper.asOf).map { figures.days($0) } ?? ""
        var cells = [
            one(figures.day(item.day)), document, one(item.due.map(figures.day) ?? "–"),
            one(late),
        ]
        if hasOriginal { cells.append(one(item.original.map(figures.amount) ?? "")) }
        cells.append(one(figures.amount(item.open)))
        cells.append([RichText(balance, PaperStyle.table.colour(.secondInk))])
        return cells
    }

    private func document(_ item: StatementPaper.Item, room: Double, in flow: Flow) -> [RichText] {
        let number = RichText(item.number, PaperStyle.table)
        let words = words(for: item)
        let beside = number + RichText("  \(words)", PaperStyle.detail)
        if flow.pages.shape(beside).width <= room { return [beside] }
        return [number, RichText(words, PaperStyle.detail)]
    }

    private func words(for item: StatementPaper.Item) -> String {
        let kind =
            switch item.kind {
            case .invoice: labels.itemInvoice
            case .creditNote: labels.itemCreditNote
            case .payment: labels.itemPayment
            case .other: labels.itemOther
            }
        let words = item.text.flatMap { $0.isEmpty ? nil : $0 } ?? kind
        guard let disputed = item.disputed, !disputed.isZero else { return words }
        return "\(words), \(figures.amount(disputed)) \(labels.disputed)"
    }

    private func setBalance(in flow: Flow, _ setting: Table.Setting, column: Int) {
        let balance = paper.balance
        let label =
            balance.isZero ? labels.balanceEven : balance.isNegative ? labels.balanceYours : labels.balanceOurs
        let pages = flow.pages
        let amount = pages.shape(RichText(figures.amount(balance), PaperStyle.total))
        let right = setting.rights[column]
        let y = flow.y + 5
        pages.open(.paragraph)
        pages.put(pages.shape(RichText(label, PaperStyle.total)), x: flow.left, y: y)
        pages.put(amount, x: right, y: y, .right)
        pages.close(.paragraph)
        pages.doubleRule(from: right - max(amount.width, 60), to: right, y: y + amount.height + 2)
        flow.y = y + amount.height + 7
    }
}
