import Money
import ReportsDesk
import Workspace

/// Reports as tables and plots. Figures are taken over as the reports say them; sums of what is not drawn are made exactly.
enum ReportTables {
    typealias Cell = ReportView.Cell
    typealias Column = ReportView.Column
    typealias Block = ReportView.Block
    typealias Plot = ReportView.Plot

    /// So many lines are drawn; the sums count all.
    static let longest = 100

    static func figure(_ text: String) -> Figure {
        guard let figure = Figure(text) else { preconditionFailure("a report says '\(text)' for a figure") }
        return figure
    }
    static func cell(_ text: String, _ door: ReportView.Door? = nil) -> Cell { Cell(.figure(figure(text)), door) }
    static func dash(_ text: String, _ door: ReportView.Door? = nil) -> Cell { Cell(.figureOrDash(figure(text)), door) }
    static func some(_ text: String?, percent: Bool = false) -> Cell {
        guard let text else { return Cell(.text("–")) }
        return Cell(percent ? .percent(figure(text)) : .figure(figure(text)))
    }
    static func day(_ text: String) -> Cell { Cell(Day(text).map { .day($0) } ?? .text(text)) }
    static func count(_ number: some BinaryInteger, _ door: ReportView.Door? = nil) -> Cell { cell("\(number)", door) }

    // MARK: Ageing

    static func aging(_ report: AgingReport) throws -> [Block] {
        // As long as the tables of all currencies together may be.
        let longest = max(25, longest / max(1, report.currencies.count))
        return try report.currencies.map { block in
            let currency = try WorkspaceBooks.currency(block.currency)
            let ages = try block.buckets.map {
                BucketView(
                    label: $0.label, fromDays: $0.fromDays, toDays: $0.toDays,
                    amount: try WorkspaceBooks.money($0.amount, currency), items: $0.items)
            }
            func minor(_ text: String) throws -> Int64 { try WorkspaceBooks.money(text, currency).minor }
            let sorted = try block.customers.map { (line: $0, total: try minor($0.total), net: try minor($0.net)) }
                .sorted { ($1.total, $1.net, $0.line.name) < ($0.total, $0.net, $1.line.name) }
            let drawn = sorted.prefix(longest).map { $0.line }
            let rest = sorted.dropFirst(longest).map { $0.line }
            var rows = drawn.map { row($0, block) }
            if !rest.isEmpty { rows.append(try others(rest, currency)) }
            return Block(
                currency: block.currency,
                plot: Plot(
                    .ages, "ages",
                    zip(ages, block.buckets).map { Plot.Point(.none, [figure($1.amount)], age: $0) }),
                columns: [Column("customer", .words)]
                    + ages.enumerated().map { Column("age-\($0.offset)", age: $0.element, isWide: true) }
                    + [Column("total"), Column("unallocated", isWide: true), Column("net", isWide: true)],
                rows: rows, foot: foot(block), more: rest.count)
        }
    }

    private static func row(_ line: AgingReport.Customer, _ block: AgingReport.Block) -> [Cell] {
        func items(_ bucket: String?) -> ReportView.Door {
            .items(
                currency: block.currency, customer: line.customer, seller: line.seller, bucket: bucket,
                nobodys: line.customer == nil)
        }
        let name: Cell =
            line.customer.map { Cell(.text(line.name.isEmpty ? $0 : line.name), .customer($0, seller: line.seller)) }
            ?? Cell(.word("nobodys"), items(nil))
        return [name] + zip(block.buckets, line.buckets).map { dash($1, items($0.label)) } + [
            cell(line.total, items(nil)), dash(line.unallocated, items(OpenItemsReport.onAccount)), cell(line.net),
        ]
    }

    private static func others(_ lines: [AgingReport.Customer], _ currency: Currency) throws -> [Cell] {
        func sum(_ value: (AgingReport.Customer) -> String) throws -> Cell {
            let minor = try lines.reduce(Int64(0)) { $0 + (try WorkspaceBooks.money(value($1), currency).minor) }
            return cell(Money(minor: minor, currency).decimal)
        }
        var cells = [Cell(.word("others"), .customers(standing: nil))]
        for place in (lines.first?.buckets ?? []).indices { cells.append(try sum { $0.buckets[place] }) }
        for value in [\AgingReport.Customer.total, \.unallocated, \.net] {
            cells.append(try sum { $0[keyPath: value] })
        }
        return cells
    }

    private static func foot(_ block: AgingReport.Block) -> [[Cell]] {
        func items(_ bucket: String?) -> ReportView.Door {
            .items(currency: block.currency, customer: nil, seller: nil, bucket: bucket, nobodys: false)
        }
        return [
            [Cell(.word("all"), .customers(standing: nil))]
                + block.buckets.map { cell($0.amount, items($0.label)) } + [
                    cell(block.total, items(nil)), cell(block.unallocated, items(OpenItemsReport.onAccount)),
                    cell(block.net),
                ]
        ]
    }

    // MARK: Open items

    static func openItems(_ report: OpenItemsReport) throws -> [Block] {
        report.sums.map { sum in
            let items = report.items.filter { $0.currency == sum.currency }
            return Block(
                currency: sum.currency,
                columns: [
                    Column("number", .words), Column("customer", .words), Column("type", .words, isWide: true),
                    Column("day", .words, isWide: true), Column("due", .words, isWide: true),
                    Column("amount", isWide: true), Column("open"),
                ],
                rows: items.map { item in
                    let isPayment = item.type == "payment"
                    return [
                        Cell(.text(item.number), isPayment ? nil : .invoice(item.number, seller: item.seller)),
                        item.customer.map {
                            Cell(.text(item.name.isEmpty ? $0 : item.name), .customer($0, seller: item.seller))
                        } ?? Cell(.word("nobodys")),
                        Cell(.word(item.type)), day(item.day), item.dueDay.map(day) ?? Cell(.text("–")),
                        cell(item.original), cell(item.open),
                    ]
                },
                foot: [
                    [
                        Cell(.word("all")), Cell(.none), Cell(.none), Cell(.none), Cell(.none), Cell(.none),
                        cell(sum.open),
                    ]
                ], more: sum.items - items.count)
        }
    }

    // MARK: Roll-forward

    /// The newest month first; its bridge, or that of the month asked for.
    static func rollforward(_ report: RollforwardReport, _ asOf: Day, month: String?) throws -> [Block] {
        report.currencies.filter { !$0.months.isEmpty }.map { block in
            let chosen = block.months.first { $0.month == month } ?? block.months[block.months.count - 1]
            return Block(
                currency: block.currency, plot: bridge(chosen),
                columns: [
                    Column("month", .words), Column("opening", isWide: true), Column("invoiced"),
                    Column("credited", isWide: true), Column("collected"), Column("written-off", isWide: true),
                    Column("other", isWide: true), Column("closing"),
                ], rows: block.months.reversed().map { row($0, asOf) })
        }
    }

    private static func row(_ month: RollforwardReport.Month, _ asOf: Day) -> [Cell] {
        let first = Day(month.month + "-01") ?? asOf.firstOfMonth
        let last = min(first.lastOfMonth, asOf)
        let journal = ReportView.Door.report(.journal, asOf: last, from: first)
        return [
            Cell(.month(month.month), .month(month.month)),
            cell(month.opening, .report(.aging, asOf: first - 1, from: nil)), dash(month.invoiced, journal),
            dash(negated(month.credited), journal),
            dash(negated(month.collected), .report(.collections, asOf: last, from: first)),
            dash(negated(month.writtenOff), journal), dash(month.other, journal),
            cell(month.closing, .report(.aging, asOf: last, from: nil)),
        ]
    }

    private static func bridge(_ month: RollforwardReport.Month) -> Plot {
        Plot(
            .bridge, "bridge",
            [
                ("opening", month.opening), ("new", month.invoiced), ("credited", negated(month.credited)),
                ("collected", negated(month.collected)), ("written-off", negated(month.writtenOff)),
                ("other", month.other), ("closing", month.closing),
            ].map { Plot.Point(.word($0.0), [figure($0.1)]) })
    }

    static func negated(_ text: String) -> String {
        guard text.contains(where: { ("1"..."9").contains($0) }) else { return text }
        return text.hasPrefix("-") ? String(text.dropFirst()) : "-" + text
    }
}
