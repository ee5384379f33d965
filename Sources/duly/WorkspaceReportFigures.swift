import Money
import ReportsDesk
import Workspace

extension ReportTables {
    // MARK: Days sales outstanding

    static func dso(_ report: DSOReport, _ months: RollforwardReport, _ asOf: Day) throws -> [Block] {
        try report.currencies.map { block in
            let currency = try WorkspaceBooks.currency(block.currency)
            let history = try months.currencies.first { $0.currency == block.currency }.map { found in
                zip(
                    found.months.suffix(13).map(\.month).reversed(),
                    try SalesDays.history(found.months, currency, asOf: asOf).reversed()
                ).reversed().map { Plot.Point(.month($0), [Figure($1, decimals: 2)]) }
            }
            let aging = ReportView.Door.report(.aging, asOf: nil, from: nil)
            return Block(
                currency: block.currency, plot: history.flatMap { $0.count > 1 ? Plot(.line, "dso", $0) : nil },
                columns: [Column("measure", .words), Column("value")],
                rows: [
                    [Cell(.word("count-back")), some(block.countBackDays)],
                    [Cell(.word("simple")), some(block.simpleDays)],
                    [Cell(.word("rolling")), some(block.rolling90Days)],
                    [Cell(.word("best")), some(block.bestPossibleDays)],
                    [Cell(.word("mean-late"), .report(.late, asOf: nil, from: nil)), some(block.averageDaysLate)],
                    [Cell(.word("receivables"), aging), cell(block.receivables, aging)],
                    [
                        Cell(.word("not-due")),
                        cell(
                            block.notDue,
                            .items(
                                currency: block.currency, customer: nil, seller: nil, bucket: "not due", nobodys: false)
                        ),
                    ],
                    [
                        Cell(.word("invoiced"), .report(.rollforward, asOf: nil, from: nil)), cell(block.invoiced),
                    ],
                    [Cell(.word("invoiced-90")), cell(block.invoiced90Days)],
                ])
        }
    }

    // MARK: Money in

    static func collections(_ report: CollectionsReport) throws -> [Block] {
        report.currencies.map { block in
            Block(
                currency: block.currency,
                plot: Plot(
                    .bars, "received", block.months.map { Plot.Point(.month($0.month), [figure($0.received)]) }),
                columns: [
                    Column("month", .words), Column("receipts", isWide: true), Column("received"),
                    Column("returned", isWide: true), Column("refunded", isWide: true), Column("net"),
                ],
                rows: block.months.reversed().map { month in
                    let first = Day(month.month + "-01")
                    return [
                        Cell(
                            .month(month.month),
                            first.map { .report(.journal, asOf: $0.lastOfMonth, from: $0) }),
                        count(month.receipts), cell(month.received), dash(negated(month.returned)),
                        dash(negated(month.refunded)), cell(month.net),
                    ]
                })
        }
    }

    static func placed(_ report: PlacedReport) throws -> [Block] {
        report.currencies.map { block in
            Block(
                currency: block.currency,
                plot: Plot(
                    .line, "placed",
                    block.months.compactMap { month in
                        month.automaticShare.map { Plot.Point(.month(month.month), [figure($0)]) }
                    }),
                columns: [
                    Column("month", .words), Column("received"), Column("automatic"), Column("by-hand", isWide: true),
                    Column("rest", isWide: true), Column("share"),
                ],
                rows: block.months.reversed().map { month in
                    [
                        Cell(.month(month.month)), cell(month.received), dash(month.automatic), dash(month.byHand),
                        dash(month.rest), some(month.automaticShare, percent: true),
                    ]
                })
        }
    }

    // MARK: How late

    static func late(_ report: LateReport, seller: String?) throws -> [Block] {
        report.currencies.flatMap { block in
            let customers = block.customers.sorted { ($1.late, $0.of) < ($0.late, $1.of) }
            return [
                lateBlock(
                    block.currency, "countries", block.countries.sorted { ($1.invoices, $0.of) < ($0.invoices, $1.of) },
                    block.all, seller: nil, plots: true),
                lateBlock(block.currency, "customers", customers, block.all, seller: seller, plots: false),
            ]
        }
    }

    private static func lateBlock(
        _ currency: String, _ part: String, _ lines: [LateReport.Line], _ all: LateReport.Line, seller: String?,
        plots: Bool
    ) -> Block {
        func cells(_ line: LateReport.Line, _ name: Cell) -> [Cell] {
            [
                name, count(line.invoices), count(line.late), some(line.lateShare.map(percent), percent: true),
                some(line.lateShareByAmount.map(percent), percent: true), some(line.meanDaysLate), cell(line.amount),
                cell(line.lateAmount),
            ]
        }
        return Block(
            currency: currency, part: part,
            plot: plots
                ? Plot(
                    .lying, "late",
                    lines.prefix(12).compactMap { line in
                        line.lateShare.map { Plot.Point(.text(line.of), [figure(percent($0))]) }
                    }) : nil,
            columns: [
                Column("of", .words), Column("invoices"), Column("late"), Column("late-share"),
                Column("late-share-amount", isWide: true), Column("mean-late", isWide: true),
                Column("amount", isWide: true), Column("late-amount", isWide: true),
            ],
            rows: lines.prefix(longest).map { line in
                cells(line, Cell(.text(line.of), seller.map { .customer(line.of, seller: $0) }))
            }, foot: [cells(all, Cell(.word("all")))], more: max(0, lines.count - longest))
    }

    /// `0.123456` is `12.35`: six decimals of a share are four of its percent, rounded half up to two.
    static func percent(_ share: String) -> String {
        guard let millionths = try? FixedPoint.parse(share, decimals: 6) else { return "0.00" }
        return FixedPoint.text((millionths + 50) / 100, decimals: 2)
    }

    // MARK: What waits

    static func unbilled(_ report: UnbilledReport) throws -> [Block] {
        var months: [String: Int] = [:]
        for customer in report.customers {
            for charge in customer.charges { months[String(charge.day.prefix(7)), default: 0] += 1 }
        }
        let all = report.customers.flatMap { customer in customer.charges.map { (customer, $0) } }
            .sorted { ($0.1.day, $0.1.orderID, $0.1.line) < ($1.1.day, $1.1.orderID, $1.1.line) }
        guard !all.isEmpty else { return [] }
        return [
            Block(
                currency: nil,
                plot: Plot(
                    .bars, "unbilled",
                    months.sorted { $0.key < $1.key }.map { Plot.Point(.month($0.key), [figure("\($0.value)")]) }),
                columns: [
                    Column("order", .words), Column("customer", .words), Column("day", .words),
                    Column("sku", .words, isWide: true), Column("description", .words, isWide: true),
                    Column("quantity", isWide: true), Column("currency", .words, isWide: true),
                ],
                rows: all.prefix(longest).map { customer, charge in
                    [
                        Cell(.text("\(charge.orderID)\u{00A0}/\u{00A0}\(charge.line)")),
                        Cell(
                            .text(customer.name.isEmpty ? customer.customer : customer.name),
                            .customer(customer.customer, seller: customer.seller)), day(charge.day),
                        Cell(.text(charge.sku)), Cell(.text(charge.description)), cell(charge.quantity),
                        Cell(.text(charge.currency)),
                    ]
                }, more: max(0, all.count - longest))
        ]
    }

    static func work(_ work: OpenWork) -> [Block] {
        [
            Block(
                currency: nil,
                plot: Plot(.lying, "work", work.kinds.map { Plot.Point(.word($0.kind), [figure("\($0.count)")]) }),
                columns: [Column("kind", .words), Column("count")],
                rows: work.kinds.map { [Cell(.word($0.kind), .work(kind: $0.kind)), count($0.count)] },
                foot: work.kinds.isEmpty ? [] : [[Cell(.word("all")), count(work.total)]])
        ]
    }

    // MARK: Journal

    static func journal(_ report: JournalReport, _ lines: [JournalLine]) throws -> [Block] {
        guard report.lines > 0 else { return [] }
        return [
            Block(
                currency: nil, part: "accounts",
                columns: [
                    Column("account", .words), Column("seller", .words, isWide: true), Column("currency", .words),
                    Column("debit", isWide: true), Column("credit", isWide: true), Column("balance"),
                ],
                rows: report.accounts.map { sum in
                    [
                        Cell(.word(sum.account)), Cell(.text(sum.seller)), Cell(.text(sum.currency)), cell(sum.debit),
                        cell(negated(sum.credit)), cell(sum.balance),
                    ]
                }),
            Block(
                currency: nil, part: "lines",
                columns: [
                    Column("day", .words), Column("account", .words), Column("customer", .words, isWide: true),
                    Column("item", .words, isWide: true), Column("actor", .words, isWide: true), Column("amount"),
                    Column("currency", .words),
                ],
                rows: lines.map { line in
                    [
                        day(line.day), Cell(.word(line.account)),
                        Cell(.text(line.customer ?? ""), line.customer.map { .customer($0, seller: line.seller) }),
                        Cell(
                            .text(line.item ?? ""),
                            line.account == "receivables" ? line.item.map { .invoice($0, seller: line.seller) } : nil),
                        Cell(.text(line.actor)), cell(line.amount),
                        Cell(.text(line.currency)),
                    ]
                }, more: report.lines - lines.count),
        ]
    }
}
