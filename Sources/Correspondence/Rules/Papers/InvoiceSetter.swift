import Ledger
import Money
import Typesetting

/// Puts an invoice or credit note on paper.
struct InvoiceSetter {
    private let paper: InvoicePaper
    private let labels: PaperLabels
    private let figures: PaperFigures
    private let payment: PaymentPart?

    /// How close the rows stand, in the order in which it is tried.
    private enum Density: CaseIterable {
        /// Article numbers on a line of their own.
        case airy
        case normal
        /// From here on with the smaller payment part.
        case close
        case tight

        /// Above and below the text of a row together, points.
        var padding: Double {
            switch self {
            case .airy: 8
            case .normal: 8.5
            case .close: 5.4
            case .tight: 2.6
            }
        }
        var totalPadding: Double { isRoomy ? 7.5 : self == .close ? 5 : 3 }
        var isRoomy: Bool { self == .airy || self == .normal }
    }
    /// More lines than this are not tried on one page.
    private static let comparedLines = 30

    init(_ paper: InvoicePaper) {
        self.paper = paper
        labels = paper.language.labels
        figures = paper.language.figures
        payment =
            paper.kind != .invoice
            ? nil
            : PaymentPart(
                amount: paper.toPay, seller: paper.seller, reference: paper.reference ?? paper.number,
                language: paper.language, first: Self.paymentFields(paper), isSmall: false)
    }

    func file() throws(TypesettingFailure) -> PDFFile {
        let head = letterhead()
        let flow = best(head)
        head.finish(flow)
        return try flow.pages.pdf(
            DocumentInfo(
                title: head.title, author: paper.seller.name, language: paper.language.rawValue, created: paper.created)
        )
    }

    /// One page if it can be done, as roomy as it can be; more pages have the usual density, and say on the first where the
    /// payment part is.
    private func best(_ head: Letterhead) -> Flow {
        if paper.lines.count <= Self.comparedLines {
            for density in Density.allCases {
                let flow = set(head, density, lastPage: 1)
                if flow.pages.pageCount == 1 { return flow }
            }
        }
        let flow = set(head, .normal, lastPage: 2)
        return flow.pages.pageCount == 2 ? flow : set(head, .normal, lastPage: flow.pages.pageCount)
    }

    private func set(_ head: Letterhead, _ density: Density, lastPage: Int) -> Flow {
        let flow = head.begin()
        setIntro(in: flow, lastPage: lastPage)
        if density.isRoomy { flow.y += mm(1.5) }
        let totals = TotalsBlock(rows: totalRows(), final: finalRow(), padding: density.totalPadding)
        let closing = closingTexts()
        var payment = self.payment
        payment?.isSmall = !density.isRoomy
        let paymentHeight = payment.map { $0.height(in: flow.pages) + paymentGap(density) } ?? 0
        let closingHeight = closing.reduce(0) { $0 + height(of: $1, in: flow) } + (closing.isEmpty ? 0 : 9)
        // Long terms may run on to the next page; totals and payment part stay with the last lines.
        let tail = totals.height + (closingHeight < mm(60) ? closingHeight : 0) + paymentHeight
        if !paper.lines.isEmpty {
            InvoiceTable(paper, padding: density.padding, separateSKU: density == .airy).table
                .set(in: flow, tail: tail)
        }
        flow.need(totals.height + (closingHeight < mm(60) ? closingHeight + paymentHeight : 0))
        totals.set(in: flow)
        if !closing.isEmpty { flow.y += 9 }
        for text in closing { flow.paragraph(text, spaceAfter: 3) }
        payment?.set(in: flow, gap: paymentGap(density), pin: mm(216))
        return flow
    }

    private func paymentGap(_ density: Density) -> Double { density.isRoomy ? mm(8) : mm(3.5) }

    private func height(of text: RichText, in flow: Flow) -> Double {
        flow.pages.shape(text, width: flow.width).height + 3
    }

    // MARK: Head

    private func letterhead() -> Letterhead {
        let name = Self.name(of: paper)
        let customer = paper.recipient
        var running = [labels.dated("\(name) \(paper.number)", figures.day(paper.issueDay))]
        running += [customer.addressLines.first, customer.customerNumber].compactMap(\.self).filter { !$0.isEmpty }
        let facts = [
            PaperFact(name, paper.number), PaperFact(labels.date, figures.day(paper.issueDay)),
            PaperFact(labels.corrects, origins()), PaperFact(labels.supplied, supplied()),
            PaperFact(labels.due, paper.kind == .invoice ? paper.dueDay.map(figures.day) : nil),
            PaperFact(labels.customer, customer.customerNumber),
            PaperFact(labels.yourOrder, paper.purchaseOrder), PaperFact(labels.ourOrder, paper.orderNumber),
            PaperFact(labels.yourVATID, customer.vatID), PaperFact(labels.questions, paper.contact?.lines ?? []),
        ]
        return Letterhead(
            seller: paper.seller, recipient: customer, language: paper.language, facts: facts.compactMap(\.self),
            title: "\(name) \(paper.number)", runningTitle: running.joined(separator: " · "), strongFirstFact: true)
    }

    private static func name(of paper: InvoicePaper) -> String {
        let labels = paper.language.labels
        return paper.kind == .invoice ? labels.invoice : labels.creditNote
    }

    private func origins() -> [String] {
        guard case .creditNote(let corrects, _) = paper.kind else { return [] }
        return corrects.map { origin in origin.number }
    }

    private func supplied() -> [String] {
        switch paper.supply {
        case nil: []
        case .day(let day): [figures.day(day)]
        case .period(let from, let through) where from == through: [figures.day(from)]
        case .period(let from, let through): ["\(figures.day(from))\u{00A0}–", figures.day(through)]
        }
    }

    private func setIntro(in flow: Flow, lastPage: Int) {
        var texts = paper.intro.filter { !$0.isEmpty }
        if case .creditNote(let corrects, _) = paper.kind, !corrects.isEmpty {
            let named = corrects.map { origin in
                origin.day.map { labels.dated(origin.number, figures.day($0)) } ?? origin.number
            }
            texts.append("\(labels.corrects) \(labels.invoice) \(named.joined(separator: ", ")).")
        }
        if lastPage > 1, payment != nil {
            texts.append(
                labels.payOnPage(figures.withCurrency(paper.toPay), paper.dueDay.map(figures.day), lastPage))
        }
        for text in texts { flow.paragraph(RichText(text, PaperStyle.text)) }
        flow.y += texts.isEmpty ? mm(1) : mm(2.2)
    }

    // MARK: Totals

    private func totalRows() -> [TotalsBlock.Row] {
        var rows: [TotalsBlock.Row] = []
        func add(_ label: String, _ amount: Money) { rows.append(.init(label: label, amount: figures.amount(amount))) }
        if !paper.adjustments.isEmpty {
            add(labels.subtotal, paper.lines.reduce(.zero(paper.currency)) { $0 + $1.net })
            for adjustment in paper.adjustments { add(adjustment.label, adjustment.amount) }
        }
        add(labels.netTotal, paper.net)
        for line in paper.vat { add(label(of: line), line.tax) }
        if let tax = paper.taxInBookCurrency, tax.currency != paper.currency {
            add("\(labels.vatIn(tax.currency.code))", tax)
        }
        if let prepaid = paper.prepaid, !prepaid.isZero {
            add(labels.grossTotal, paper.gross)
            add(labels.prepaid, -prepaid)
        }
        // Rounding of the amount due (BT-114), where it was agreed.
        let rounding = paper.toPay - paper.gross + (paper.prepaid ?? .zero(paper.currency))
        if !rounding.isZero { add(labels.rounding, rounding) }
        return rows
    }

    private func label(of line: InvoicePaper.VATLine) -> String {
        let base = figures.amount(line.taxable)
        if line.category == .outsideScope { return labels.outsideScope(base) }
        return line.rate == .zero ? labels.vatFree(base) : labels.vatOn(figures.percent(line.rate), base)
    }

    private func finalRow() -> TotalsBlock.Row {
        let label =
            switch paper.kind {
            case .creditNote: labels.credit
            case .invoice: paper.toPay.isNegative ? labels.total : labels.toPay
            }
        return .init(label: "\(label), \(paper.currency.code)", amount: figures.amount(paper.toPay))
    }

    /// Why no VAT is charged, what becomes of the amount, and what the seller wants to add.
    private func closingTexts() -> [RichText] {
        var texts: [String] = []
        for line in paper.vat {
            if let note = note(of: line), !texts.contains(note) { texts.append(note) }
        }
        switch paper.kind {
        case .creditNote(_, .offset): texts.append(labels.creditOffset)
        case .creditNote(_, .refund): texts.append(labels.creditRefund)
        case .creditNote(_, .settled): texts.append(labels.creditSettled)
        case .invoice:
            if paper.toPay.isZero { texts.append(labels.nothingToPay) }
            if paper.toPay.isNegative { texts.append(labels.inYourFavour) }
        }
        texts += paper.notes.filter { !$0.isEmpty }
        return texts.map { RichText($0, PaperStyle.text) }
    }

    private func note(of line: InvoicePaper.VATLine) -> String? {
        if let note = line.note, !note.isEmpty { return note }
        return switch line.category {
        case .reverseCharge: labels.reverseCharge
        case .intraCommunity: labels.intraCommunity
        case .export: labels.export
        case .exempt: labels.exempt
        case .outsideScope: labels.outside
        case .standard, .zero, .igic, .ipsi, .splitPayment: nil
        }
    }

    private static func paymentFields(_ paper: InvoicePaper) -> [[PaymentPart.Field]] {
        let labels = paper.language.labels
        let figures = paper.language.figures
        var rows: [[PaymentPart.Field]] = []
        var first: [PaymentPart.Field] = []
        if let due = paper.dueDay { first.append(.init(label: labels.by, value: figures.day(due))) }
        first.append(.init(label: labels.amount, value: figures.withCurrency(paper.toPay)))
        rows.append(first)
        if let offer = paper.earlyPayment {
            rows.append([
                .init(label: labels.earlyBy(figures.percent(offer.rate)), value: figures.day(offer.through)),
                .init(
                    label: labels.earlyThen(figures.amount(offer.discount)), value: figures.withCurrency(offer.amount)),
            ])
        }
        return rows
    }
}
