import Correspondence
import CorrespondenceDesk
import Database
import Foundation
import Ledger
import Money
import ReportsDesk
import Workspace

/// The page of a document: what `invoice show` and `invoice explain` say.
extension WorkspaceBooks {
    func invoice(number: String, seller: String?, language: Language) async throws -> InvoiceView? {
        // Units stand in words on the paper, in the customer's language, as the codes of the books do not.
        let units = try await paper(number: number, seller: seller)?.paper.lines.map(\.unit) ?? []
        return try await reading { transaction in
            try one(number, of: try houses(seller, transaction)) { house in
                let today = day(house.timeZone)
                let found = try InvoiceSheet.read(number: number, book: house.book, asOf: today, in: transaction)
                return try found.last.map {
                    try invoice(
                        $0, try Explanation(number, book: house.book, line: nil, in: transaction), units, house, today,
                        language, transaction)
                }
            }
        }
    }

    private func invoice(
        _ sheet: InvoiceSheet, _ why: Explanation, _ units: [String?], _ house: House, _ today: Day,
        _ language: Language,
        _ transaction: any Transaction
    ) throws -> InvoiceView {
        let head = sheet.head
        let currency = try Self.currency(head.currency)
        func money(_ text: String) throws -> Money { try Self.money(text, currency) }
        let gross = try money(head.gross)
        let tax = try head.tax.map(money)
        let net = try head.net.map(money) ?? gross - (tax ?? .zero(currency))
        let steps = Dictionary(why.lines.map { ($0.line, $0) }, uniquingKeysWith: { first, _ in first })
        return InvoiceView(
            invoiceNo: head.invoiceNo, type: Self.hyphened(head.type), status: Self.hyphened(head.status),
            seller: house.view, customer: head.customer, customerName: head.customerName,
            address: Self.lines(of: sheet.billTo, house, language), asOf: today, issueDay: Day(head.issueDay),
            dueDay: head.type == "invoice" ? Day(head.dueDay) : nil, net: net, tax: tax ?? gross - net, gross: gross,
            open: try money(head.open),
            lines: try sheet.lines.enumerated().map { place, one in
                try line(one, steps[one.line], unit: place < units.count ? units[place] : nil, money)
            },
            taxes: try sheet.taxes.map {
                TaxView(
                    rate: try Self.rate($0.rate), category: $0.category, base: try money($0.base),
                    tax: try money($0.tax))
            }, references: Self.references(sheet.references),
            allocations: try sheet.allocations.flatMap { try allocations($0, of: head, house, money, transaction) },
            corrects: sheet.corrects, correctedBy: sheet.correctedBy,
            deliveries: try sheet.deliveries.map {
                DeliveryView(
                    at: try Self.instant($0.at), channel: $0.channel, state: $0.state,
                    why: $0.answer.isEmpty ? nil : $0.answer)
            },
            trace: (sheet.reason.isEmpty
                ? [] : [TraceStep((language == .german ? "Grund: " : "Reason: ") + sheet.reason)])
                + why.taxes.map { TraceStep("\($0.rate) % \($0.category): \($0.words)", amount: Figure($0.tax)) },
            hasPdf: true)
    }

    private static func references(_ references: InvoiceSheet.References) -> [String: String] {
        [
            "order_id": references.orderID, "po_number": references.poNumber,
            "creditor_ref": references.creditorReference,
        ].filter { !$0.value.isEmpty }
    }

    private static func rate(_ percent: String) throws -> Rate {
        do { return try Rate(percent: percent) } catch { throw DatabaseError.bug("'\(percent)' is no rate") }
    }

    private func line(
        _ line: InvoiceSheet.Line, _ why: Explanation.Line?, unit: String?, _ money: (String) throws -> Money
    ) throws
        -> InvoiceLineView
    {
        let (quantity, price): (Quantity, UnitPrice)
        do { (quantity, price) = (try Quantity(line.quantity), try UnitPrice(line.unitPrice)) } catch {
            throw DatabaseError.bug("line \(line.line) has no quantity or price: \(error)")
        }
        let discount = try Self.rate(line.discountPercent)
        return InvoiceLineView(
            line: Int(line.line), sku: line.sku.isEmpty ? nil : line.sku, description: line.description,
            quantity: quantity, unit: unit ?? (line.unit.isEmpty ? nil : line.unit), unitPrice: price,
            discountPct: discount.scaled == 0 ? nil : discount, net: try money(line.net),
            vatRate: try Self.rate(line.vatRate), vatCategory: line.vatCategory,
            trace: why.map { [TraceStep($0.words, amount: Figure($0.net))] } ?? [])
    }

    /// What reduced the document; a write-off beside it stands on a line of its own.
    private func allocations(
        _ one: InvoiceSheet.Allocation, of head: InvoiceRow, _ house: House, _ money: (String) throws -> Money,
        _ transaction: any Transaction
    ) throws -> [AllocationView] {
        let (allocated, writtenOff) = (try money(one.allocated), try money(one.writeOff))
        let day = try Self.day(one.day)
        let reason = one.reason.isEmpty ? nil : one.reason
        let other = one.receipt == nil ? try counterpart(of: one, head, house, transaction) : nil
        let kind =
            one.receipt != nil
            ? "receipt" : other == nil ? "set-off" : head.type == "invoice" ? "credit-note" : "invoice"
        var views: [AllocationView] = []
        if !allocated.isZero {
            let payment = one.paymentID.flatMap { $0.isEmpty ? nil : $0 } ?? one.receipt
            views.append(
                AllocationView(
                    kind: kind, day: day, paymentId: payment, document: other, allocated: allocated, reason: reason))
        }
        if !writtenOff.isZero {
            views.append(AllocationView(kind: "write-off", day: day, allocated: writtenOff, reason: reason))
        }
        return views
    }

    /// The document it was set against: the other one of the same entry with the opposite sign.
    private func counterpart(
        of one: InvoiceSheet.Allocation, _ head: InvoiceRow, _ house: House, _ transaction: any Transaction
    ) throws -> String? {
        guard let document = RecordID(head.document) else { return nil }
        return try transaction.query(
            """
            SELECT d.number FROM allocations a
            JOIN allocations o ON o.book = a.book AND o.command = a.command AND o.entry = a.entry AND o.document <> a.document
                AND (o.minor < 0) <> (a.minor < 0)
            JOIN documents d ON d.book = o.book AND d.document = o.document
            WHERE a.book = $1 AND a.document = $2 AND a.command = $3 AND o.receipt IS NULL
            ORDER BY o.allocation LIMIT 1
            """, [house.key, .int(document.number), .text(one.command)]
        ).first?.text(0)
    }
}
