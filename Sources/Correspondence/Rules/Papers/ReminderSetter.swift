import Ledger
import Money
import Typesetting

/// Puts a reminder on paper.
struct ReminderSetter {
    private let paper: ReminderPaper
    private let labels: PaperLabels
    private let figures: PaperFigures
    private let payment: PaymentPart?

    init(_ paper: ReminderPaper) {
        self.paper = paper
        labels = paper.language.labels
        figures = paper.language.figures
        var fields: [PaymentPart.Field] = []
        if let day = paper.replyBy { fields.append(.init(label: labels.by, value: figures.day(day))) }
        fields.append(.init(label: labels.amount, value: figures.withCurrency(paper.total)))
        payment = PaymentPart(
            amount: paper.total, seller: paper.seller, reference: paper.reference ?? paper.recipient.customerNumber,
            language: paper.language, first: [fields], isSmall: true)
    }

    func file() throws(TypesettingFailure) -> PDFFile {
        let head = letterhead()
        var flow = set(head, isTight: false)
        if flow.pages.pageCount > 1 {
            let tight = set(head, isTight: true)
            if tight.pages.pageCount < flow.pages.pageCount { flow = tight }
        }
        head.finish(flow)
        return try flow.pages.pdf(
            DocumentInfo(
                title: head.title, author: paper.seller.name, language: paper.language.rawValue, created: paper.created)
        )
    }

    private func set(_ head: Letterhead, isTight: Bool) -> Flow {
        let body = Body(
            style: isTight ? PaperStyle.text : PaperStyle.letter, space: isTight ? 5 : 7.5,
            rowPadding: isTight ? 4 : 8)
        let flow = head.begin()
        flow.y += 2
        for paragraph in paper.opening { set(paragraph, body, in: flow) }
        flow.y += 2
        setTable(body, in: flow)
        var inList = false
        for paragraph in paper.closing {
            if inList, paragraph.number == nil { flow.y += body.space / 2 }
            inList = paragraph.number != nil
            set(paragraph, body, in: flow)
        }
        setSignature(body, in: flow)
        payment?.set(in: flow, gap: isTight ? mm(4) : mm(7), pin: mm(243))
        return flow
    }

    /// How close the letter is set.
    private struct Body {
        let style: TextStyle
        let space: Double
        let rowPadding: Double
    }

    private func letterhead() -> Letterhead {
        let customer = paper.recipient
        let kind = [labels.reminder, labels.secondReminder, labels.finalReminder][min(max(paper.level, 1), 3) - 1]
        let contact = paper.contact
        let facts = [
            PaperFact(labels.date, figures.longDay(paper.day)), PaperFact(labels.customer, customer.customerNumber),
            PaperFact(labels.reference, paper.reference.map { CreditorReference($0)?.grouped ?? $0 }),
            PaperFact(labels.writtenBy, contact?.name),
            PaperFact(labels.telephone, contact?.phone), PaperFact(labels.email, contact?.email),
        ]
        let running = [
            labels.dated(kind, figures.day(paper.day)), customer.addressLines.first, customer.customerNumber,
        ].compactMap(\.self).filter { !$0.isEmpty }
        return Letterhead(
            seller: paper.seller, recipient: customer, language: paper.language, facts: facts.compactMap(\.self),
            title: paper.subject.isEmpty ? kind : paper.subject, runningTitle: running.joined(separator: " · "),
            strongFirstFact: false)
    }

    private func set(_ paragraph: ReminderPaper.Paragraph, _ body: Body, in flow: Flow) {
        let style = body.style
        var text = RichText(paragraph.text, style)
        if !paragraph.strong.isEmpty {
            let space = paragraph.text.isEmpty || paragraph.text.first?.isPunctuation == true ? "" : " "
            text = RichText(paragraph.strong, style.weight(.semibold)) + RichText(space + paragraph.text, style)
        }
        guard !text.isEmpty else { return }
        guard let number = paragraph.number else { return flow.paragraph(text, spaceAfter: body.space) }
        let indent = mm(7)
        flow.need(style.leading)
        let shaped = flow.pages.shape(text, width: flow.width - indent)
        flow.need(shaped.height)
        flow.pages.put(RichText(String(number), style.weight(.semibold)), as: .paragraph, x: flow.left, y: flow.y)
        flow.paragraph(text, indent: indent, spaceAfter: body.space * 0.7)
    }

    private func setSignature(_ body: Body, in flow: Flow) {
        guard let greeting = paper.greeting, !greeting.isEmpty else { return }
        let hasName = paper.signature?.isEmpty == false
        flow.need(body.style.leading * (hasName ? 4 : 1))
        flow.paragraph(RichText(greeting, body.style))
        if let signature = paper.signature, hasName {
            flow.y += body.style.leading * 1.4
            flow.paragraph(RichText(signature, body.style))
        }
    }

    // MARK: Table

    private func setTable(_ body: Body, in flow: Flow) {
        guard !paper.items.isEmpty || !paper.extras.isEmpty else { return }
        let tail = Double(paper.extras.count) * 20 + 28
        let setting = table(body).set(in: flow, tail: tail)
        let pages = flow.pages
        let right = setting.rights[setting.rights.count - 1]
        for extra in paper.extras {
            let label = extra.label ?? (extra.kind == .interest ? labels.interest : labels.fee)
            let words = pages.shape(RichText(label, PaperStyle.table), width: flow.width - 90)
            pages.open(.paragraph)
            pages.put(words, x: flow.left, y: flow.y + 4)
            pages.put(
                pages.shape(RichText(figures.amount(extra.amount), PaperStyle.table)), x: right, y: flow.y + 4, .right)
            pages.close(.paragraph)
            flow.y += words.height + 8
            pages.rule(from: flow.left, to: flow.right, y: flow.y - 0.5, .strongLine)
        }
        let amount = pages.shape(RichText(figures.amount(paper.total), PaperStyle.tableStrong))
        pages.open(.paragraph)
        pages.put(pages.shape(RichText(labels.pleasePay, PaperStyle.tableStrong)), x: flow.left, y: flow.y + 4)
        pages.put(amount, x: right, y: flow.y + 4, .right)
        pages.close(.paragraph)
        flow.y += 4 + amount.height + 3
        pages.doubleRule(from: right - max(amount.width, mm(28)), to: right, y: flow.y)
        flow.y += mm(7)
    }

    private func table(_ body: Body) -> Table {
        func head(_ text: String) -> RichText { RichText(text, PaperStyle.head) }
        func one(_ text: String) -> [RichText] { [RichText(text, PaperStyle.table)] }
        var sums = [Money.zero(paper.currency)]
        for item in paper.items { sums.append(sums[sums.count - 1] + item.open) }
        let texts = sums.map { figures.amount($0) }
        let rows = paper.items.map { item in
            let late = paper.day > item.due ? figures.days(paper.day - item.due) : ""
            return Table.Row([
                one(item.number), one(figures.day(item.day)), one(figures.day(item.due)),
                late.isEmpty ? [] : one(late), one(figures.amount(item.open)),
            ])
        }
        let labels = self.labels
        func strong(_ text: String) -> RichText { RichText(text, PaperStyle.tableStrong) }
        return Table(
            columns: [
                Table.Column(head(labels.invoice), .left, .rest),
                Table.Column(head(labels.date), .left, .natural(atMost: 80)),
                Table.Column(head(labels.due), .left, .natural(atMost: 80)),
                Table.Column(head(labels.late), .right, .natural),
                Table.Column(head("\(labels.open), \(paper.currency.code)"), .right, .natural),
            ], rows: rows,
            carry: Table.Carry(
                labelColumn: 0, amountColumn: 4, forward: { strong(labels.carriedForward($0)) },
                brought: { strong(labels.broughtForward($0)) }, sum: { strong(texts[$0]) }),
            padding: body.rowPadding, gap: 36)
    }
}
