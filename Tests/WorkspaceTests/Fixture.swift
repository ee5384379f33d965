import Money
import Workspace

/// An office that never was: enough of everything to draw each page once, odd names and numbers included.
struct Fixture: WorkspaceSource {
    static let today = Day("2026-11-23")!
    static let seller = SellerView(code: "DE", name: "Weidengrund Werkzeugbau GmbH", currency: "EUR")
    static let other = SellerView(code: "NL", name: "Weidengrund Nederland B.V.", currency: "EUR")
    /// A number with a slash, a blank, a script of its own, and one that tries to be markup.
    static let oddNumbers = [
        "RE/2026/0007", "A 12", "請求書-9", "100%", "x?y#z", "..", ".", "a.pdf", "a.json", "<b>\"7\"</b>", "a+b", "ÄÖ/ß",
        "a\\b",
    ]

    static func eur(_ text: String) -> Money { try! Money(text, .eur) }
    static func instant(_ text: String) -> Instant { Instant(text)! }

    var sellers = [Fixture.seller]
    /// How many lines the worklist repeats itself to.
    var lines = 7

    func today(seller: String?, language: Language) async throws -> TodayView {
        let items = (0..<lines).map { Fixture.items[$0 % Fixture.items.count] }
        return TodayView(
            day: Fixture.today, sellers: sellers, figures: Fixture.figures, worklist: items, total: items.count + 4,
            worth: [Amount(Fixture.eur("61204.35"))])
    }

    func customer(number: String, seller: String?, language: Language) async throws -> CustomerView? {
        switch number {
        case "K-3001": Fixture.customer
        case "K-3002": Fixture.quiet
        case "BOTH" where seller == nil:
            throw AmbiguousNumber(number: number, sellers: [Fixture.seller, Fixture.other])
        case "DOWN": throw WorkspaceOutage("The database did not answer.")
        case "BUG": throw Broken()
        case "BOTH": Fixture.quiet
        default:
            Fixture.oddNumbers.contains(number)
                ? CustomerView(number: number, name: "Number \(number)", seller: Fixture.seller, asOf: Fixture.today)
                : nil
        }
    }
    struct Broken: Error {}

    func invoice(number: String, seller: String?, language: Language) async throws -> InvoiceView? {
        number == "RE-2026-4102" || Fixture.oddNumbers.contains(number) ? Fixture.invoice(number) : nil
    }

    func invoicePDF(number: String, seller: String?) async throws -> [UInt8]? {
        number == "RE-2026-4102" || Fixture.oddNumbers.contains(number) ? Array("%PDF-1.7 \(number)".utf8) : nil
    }

    func search(_ text: String, seller: String?, language: Language) async throws -> SearchView {
        guard text.lowercased().contains("brand") else { return SearchView(query: text, customers: [], invoices: []) }
        return SearchView(
            query: text,
            customers: [
                FoundCustomer(
                    number: "K-3001", name: "Brandt & Söhne Hafenbau KG", seller: "DE", place: "27570 Bremerhaven",
                    open: [Amount(Fixture.eur("18440.10"))])
            ],
            invoices: [
                FoundInvoice(
                    invoiceNo: "RE-2026-4102", type: "invoice", status: "part-paid", seller: "DE", customer: "K-3001",
                    customerName: "Brandt & Söhne Hafenbau KG", issueDay: Day("2026-09-04"), dueDay: Day("2026-10-04"),
                    gross: Fixture.eur("4812.36"), open: Fixture.eur("4312.36"))
            ])
    }
}

extension Fixture {
    static let figures = [
        KeyFigure(
            .overdue, value: Figure(eur("204871.60")), currency: "EUR",
            history: [
                "231004.10", "228340.55", "240118.00", "236702.31", "219875.90", "222310.00", "214006.72", "209950.00",
                "213300.45", "207118.20", "206004.00", "204871.60",
            ].map { Figure(eur($0)) },
            note: "−1,132.40 since Monday last week"),
        KeyFigure(
            .dso, value: Figure(387, decimals: 1), currency: "EUR",
            history: [441, 438, 440, 431, 425, 427, 418, 409, 402, 399, 391, 387].map { Figure($0, decimals: 1) },
            note: "receivables ÷ sales × 91"),
        KeyFigure(
            .unapplied, value: Figure(eur("15120.00")), currency: "EUR",
            history: [
                "9000", "12400", "8100", "17600", "14050", "11000", "9950", "13300", "10020", "12000", "14880", "15120",
            ].map { Figure(eur($0)) },
            note: "12 receipts and credits, oldest 9 days"),
        KeyFigure(
            .unbilled, value: Figure(eur("98310.75")), currency: "EUR",
            history: [
                "70100", "88000", "91250", "76400", "69000", "84120", "97300", "82000", "74810", "88020", "101440",
                "98310.75",
            ].map { Figure(eur($0)) },
            note: "141 charges, oldest from 2 Nov"),
        KeyFigure(.unbilled, value: Figure(try! Money("1250000", .jpy)), currency: "JPY"),
    ]

    static let items = [
        WorklistItem(
            id: "0EK3A7Q2M1C01", kind: "approval", subject: "Order 5120", customer: "K-3010",
            customerName: "Officine Tarsia S.p.A.", seller: "DE", worth: Amount(eur("22650.00")),
            why: "Sales asks to ship despite the credit hold; 17,400.00 is overdue.", since: Day("2026-11-23"),
            next: [NextStep(label: "Decide", command: "duly customer hold --customer K-3010 --allow 5120")]),
        WorklistItem(
            id: "0EK3A7Q2M1C02", kind: "bill-check", subject: "Draft 818", customer: "K-3044",
            customerName: "Kälteanlagen Prückner", seller: "DE", worth: Amount(eur("9377.20")),
            why: "Draft asks for 160 valves; 16 are usual. Ten times the last six months.", due: Day("2026-11-23"),
            next: [
                NextStep(label: "Check line 2", command: "duly invoice show 818"),
                NextStep(label: "Approve as it is", command: "duly invoice approve 818"),
            ]),
        WorklistItem(
            id: "0EK3A7Q2M1C03", kind: "unplaced", subject: "ZE-88120", worth: Amount(eur("5000.00")),
            why: "“ABSCHLAG LT. TELEFONAT”, no number, account not seen before.", since: Day("2026-11-20"),
            next: [
                NextStep(
                    label: "Place", command: "duly cash apply --receipt ZE-88120 --invoice NUMBER --amount 5000.00")
            ]),
        WorklistItem(
            id: "0EK3A7Q2M1C04", kind: "promise", subject: "RE-2026-4102", customer: "K-3001",
            customerName: "Brandt & Söhne Hafenbau KG", seller: "DE", invoice: "RE-2026-4102",
            worth: Amount(eur("4312.36")), why: "Promised for 16 Nov. On the 18th 500.00 came, without a reference.",
            due: Day("2026-11-16"),
            next: [NextStep(label: "Call Ms Ahlers", command: "duly promise list --customer K-3001")]),
        WorklistItem(
            id: "0EK3A7Q2M1C05", kind: "dispute", subject: "D-2026-077", customer: "K-3051",
            customerName: "<script>alert(1)</script> Ltd", seller: "DE", worth: Amount(eur("2184.00")),
            why: "They question 2,184.00 of 9,326.40. Delivery note is in, answer is due.", due: Day("2026-11-24"),
            next: [NextStep(label: "Open case", command: "duly dispute show D-2026-077")]),
        WorklistItem(
            id: "0EK3A7Q2M1C06", kind: "question", subject: "RE/2026/0007", customer: "K-3060",
            customerName: "Ångström Skeppsservice AB", seller: "DE", invoice: "RE/2026/0007",
            worth: Amount(eur("1430.00")),
            why: "“Why is freight higher than in October?” Trace: new address, zone 5 to 6.",
            due: Day("2026-11-26"),
            next: [NextStep(label: "Answer", command: "duly invoice explain RE/2026/0007 --line 4")]),
        WorklistItem(
            id: "0EK3A7Q2M1C07", kind: "customs-paper", subject: "Export 44",
            why: "A kind that this page has no word for."),
    ]

    static let customer = CustomerView(
        number: "K-3001", name: "Brandt & Söhne Hafenbau KG", seller: seller, asOf: today,
        address: ["Am Alten Vorhafen 4", "27570 Bremerhaven"], language: "de", vatId: "DE999999999",
        terms: "30 days net, 2 % within 14 days",
        contacts: [
            ContactView(
                purpose: "payments", name: "Gesa Ahlers", email: "buchhaltung@brandt.example",
                phone: "+49 471 555 0123",
                note: "prefers mornings, German"),
            ContactView(purpose: "invoices", email: "rechnung@brandt.example"),
            ContactView(purpose: "disputes", name: "Tamer Yıldız", phone: "+49 471 555 0177"),
            ContactView(purpose: "ours", name: "Ines Okonkwo, sales"),
        ],
        holds: [
            HoldView(
                what: "Reminders paused", why: "Because of the promise of 4 Nov. Ends by itself.",
                until: Day("2026-11-24")),
            HoldView(what: "1,240.00 of RE-2026-4390", why: "Not asked for while D-2026-071 is open."),
        ],
        balances: [
            BalanceView(
                total: eur("18940.10"), overdue: eur("15426.78"), disputed: eur("1240.00"), unallocated: eur("-500.00"),
                buckets: [
                    BucketView(label: "not due", fromDays: nil, toDays: 0, amount: eur("3513.32"), items: 1),
                    BucketView(label: "1-30", fromDays: 1, toDays: 30, amount: eur("7001.10"), items: 1),
                    BucketView(label: "31-60", fromDays: 31, toDays: 60, amount: eur("4312.36"), items: 1),
                    BucketView(label: "61-90", fromDays: 61, toDays: 90, amount: eur("4726.17"), items: 1),
                    BucketView(label: "over 90", fromDays: 91, toDays: nil, amount: eur("-612.85"), items: 1),
                ])
        ],
        openItems: [
            OpenItemView(
                invoiceNo: "RE-2026-3688", type: "invoice", issueDay: Day("2026-08-12")!, dueDay: Day("2026-09-11"),
                gross: eur("6726.17"), open: eur("4726.17"), state: "Reminder 2, 20 Oct"),
            OpenItemView(
                invoiceNo: "RE-2026-4102", type: "invoice", issueDay: Day("2026-09-04")!, dueDay: Day("2026-10-04"),
                gross: eur("4812.36"), open: eur("4312.36"), state: "Promise broken"),
            OpenItemView(
                invoiceNo: "RE-2026-4390", type: "invoice", issueDay: Day("2026-10-05")!, dueDay: Day("2026-11-04"),
                gross: eur("7001.10"), open: eur("7001.10"), disputed: eur("1240.00")),
            OpenItemView(
                invoiceNo: "RE/2026/0007", type: "invoice", issueDay: Day("2026-11-11")!, dueDay: Day("2026-12-11"),
                gross: eur("3513.32"), open: eur("3513.32"), state: "Opened 12 Nov"),
            OpenItemView(
                invoiceNo: "GS-2026-0391", type: "credit-note", issueDay: Day("2025-11-09")!, dueDay: nil,
                gross: eur("-612.85"), open: eur("-612.85")),
        ],
        receipts: [
            ReceiptView(
                paymentId: "ZE-88077", day: Day("2026-11-18")!, amount: eur("500.00"), unallocated: eur("500.00"),
                text: "BRANDT AKONTO")
        ],
        timeline: [
            TimelineEntry(
                at: instant("2026-11-23T08:41:00.000000Z"), day: Day("2026-11-23")!, kind: "call",
                summary: "Call to Ms Ahlers, no answer. Callback asked before 12:00.", actor: "J. Petersen"),
            TimelineEntry(
                at: instant("2026-11-18T07:12:00.000000Z"), day: Day("2026-11-18")!, kind: "receipt",
                summary: "Received 500.00, text “BRANDT AKONTO”. Not placed: no number, amount fits nothing.",
                document: "ZE-88077", actor: "Bank file 3 of 3", worth: Amount(eur("500.00"))),
            TimelineEntry(
                at: instant("2026-11-17T05:00:00.000000Z"), day: Day("2026-11-17")!, kind: "promise",
                summary: "Promise broken: 4,312.36 promised for 16 Nov for RE-2026-4102 has not arrived.",
                document: "RE-2026-4102", documentHasPage: true, actor: "Duly"),
            TimelineEntry(
                at: instant("2026-11-11T09:31:00.000000Z"), day: Day("2026-11-11")!, kind: "invoice",
                summary: "Invoice RE/2026/0007 sent to rechnung@brandt.example.", document: "RE/2026/0007",
                documentHasPage: true, actor: "Duly", worth: Amount(eur("3513.32"))),
            TimelineEntry(
                at: instant("2026-11-06T13:20:00.000000Z"), day: Day("2026-11-06")!, kind: "dispute",
                summary:
                    "Ms Ahlers: “Pos. 2 der 4390 war beschädigt, Fotos anbei.” Case D-2026-071 opened for 1,240.00.",
                actor: "mail, 3 photos"),
        ], timelineContinues: true, credit: CreditView(limit: eur("25000.00"), used: eur("18440.10")), habit: paid,
        priceList: "BRANDT")

    static let paid = [-4, -2, 0, 3, 11, 64].enumerated().map { place, late in
        PaidInvoice(invoiceNo: "RE-2026-30\(place)", paidDay: Day("2026-02-01")! + place * 30, daysLate: late)
    }

    static let quiet = CustomerView(number: "K-3002", name: "Quiet Harbour Ltd", seller: seller, asOf: today)

    static func invoice(_ number: String) -> InvoiceView {
        let price = { (text: String) in try! UnitPrice(text) }
        let full = try! Rate(percent: "19")
        return InvoiceView(
            invoiceNo: number, type: "invoice", status: "part-paid", seller: seller, customer: "K-3001",
            customerName: "Brandt & Söhne Hafenbau KG", address: ["Am Alten Vorhafen 4", "27570 Bremerhaven"],
            asOf: today, issueDay: Day("2026-09-04"), dueDay: Day("2026-10-04"), net: eur("4044.00"),
            tax: eur("768.36"), gross: eur("4812.36"), open: eur("4312.36"),
            lines: [
                InvoiceLineView(
                    line: 1, sku: "HS-12-2", description: "Hydraulic hose DN 12", quantity: try! Quantity("120"),
                    unit: "m",
                    unitPrice: price("8.6"), net: eur("1032.00"), vatRate: full, vatCategory: "S",
                    trace: [
                        TraceStep(
                            "120 m at the graduated price of your contract; each metre at the step it falls into."),
                        TraceStep("1 to 50: 50 × 9.20", amount: Figure("460.00")),
                        TraceStep("51 to 100: 50 × 8.40", amount: Figure("420.00")),
                        TraceStep("101 and up: 20 × 7.60", amount: Figure("152.00")),
                        TraceStep("Price from contract Brandt 2026, version 3, 1 Jan to 31 Dec 2026."),
                        TraceStep("Not used: list 2026 (1,104.00), the contract comes first."),
                    ]),
                InvoiceLineView(
                    line: 2, sku: "QC-7241", description: "Quick coupling 1/2″", quantity: try! Quantity("48"),
                    unit: "pcs",
                    unitPrice: price("66.4375"), discountPct: try! Rate(percent: "8"), net: eur("2933.88"),
                    vatRate: full,
                    vatCategory: "S",
                    trace: [
                        TraceStep("48 × 66.4375", amount: Figure("3189.00")),
                        TraceStep("8 % off", amount: Figure("-255.12")),
                    ]),
                InvoiceLineView(
                    line: 3, description: "Freight, zone 5, 164 kg", quantity: try! Quantity("1"),
                    unitPrice: price("78.12"),
                    net: eur("78.12"), vatRate: full, vatCategory: "S"),
            ],
            taxes: [TaxView(rate: full, category: "S", base: eur("4044.00"), tax: eur("768.36"))],
            references: ["po_number": "BR-26-3318", "creditor_ref": "RF18RE20264102", "gate": "North 7"],
            allocations: [
                AllocationView(
                    kind: "receipt", day: Day("2026-10-20")!, paymentId: "ZE-87002", allocated: eur("500.00"),
                    reason: "number in the text, part payment")
            ],
            corrects: nil, correctedBy: ["GS-2026-0391"],
            deliveries: [
                DeliveryView(
                    at: instant("2026-09-04T09:31:00.000000Z"), channel: "email", to: "alt@brandt.example",
                    state: "bounced",
                    why: "550 no such mailbox"),
                DeliveryView(
                    at: instant("2026-09-04T10:02:00.000000Z"), channel: "email", to: "rechnung@brandt.example",
                    state: "opened"),
            ],
            trace: [TraceStep("Rounded once, to the cent: VAT 768.3600.")], hasPdf: true)
    }
}
