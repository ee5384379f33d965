import Money
import Web
import Workspace

// What the pages of work read of the office that never was.

extension Fixture {
    func money(_ question: MoneyQuestion, seller: String?, language: Language) async throws -> MoneyView {
        let lines = question.show == .placed ? Fixture.placed : question.show == .account ? [] : Fixture.lines
        let chosen = lines.first { $0.receipt == question.receipt } ?? lines.first
        return MoneyView(
            day: Fixture.today, sellers: sellers,
            meter: PlacedMeter(since: Fixture.today - 29, receipts: 412, unaided: 388, waiting: 9),
            counts: [KindCount(kind: "waiting", count: 2), KindCount(kind: "account", count: 0)],
            worth: [Amount(Fixture.eur("7318.40"))], lines: lines, more: question.page == 1,
            selected: chosen.map { Fixture.detail($0, question) })
    }

    static let lines = [
        MoneyLine(
            receipt: "0EK3A7Q2M1D01", payment: "ZE-88131", seller: "DE", day: Day("2026-11-23")!,
            amount: eur("6318.40"), payer: "KNOOP MARITIEM BV", text: "4102 EN 4390 </p><b>", state: "proposed",
            confidence: Figure("0.7100")),
        MoneyLine(
            receipt: "0EK3A7Q2M1D02", payment: "ZE-88120", seller: "DE", day: Day("2026-11-20")!,
            amount: eur("1000.00"), payer: "HR. WINTER", text: "ABSCHLAG LT. TELEFONAT", state: "unknown"),
    ]
    static let placed = [
        MoneyLine(
            receipt: "0EK3A7Q2M1D09", payment: "ZE-88001", seller: "DE", day: Day("2026-11-19")!,
            amount: eur("500.00"), payer: "BRANDT", text: "RE-2026-4102", customer: "K-3001",
            customerName: "Brandt & Söhne Hafenbau KG", state: "placed", confidence: Figure("0.9912"))
    ]
    static let part = MoneyPart(
        invoiceNo: "RE-2026-4102", customer: "K-3001", customerName: "Brandt & Söhne Hafenbau KG",
        issueDay: Day("2026-09-04"), dueDay: Day("2026-10-04"), open: eur("4312.36"), paid: eur("4282.36"),
        writeOff: eur("30.00"), reason: "bank-fee")
    static let odd = MoneyPart(
        invoiceNo: "RE/2026/0007", customer: "K-3001", customerName: "Brandt & Söhne Hafenbau KG",
        issueDay: Day("2026-11-11"), dueDay: Day("2026-12-11"), open: eur("3513.32"), paid: eur("2036.04"))

    static func detail(_ line: MoneyLine, _ question: MoneyQuestion) -> MoneyDetail {
        let isProposed = line.state == "proposed"
        return MoneyDetail(
            line: line, valueDay: Day("2026-11-23")!, account: "DE89370400440532013000", reference: "RF18",
            received: eur(line.amount.amount.text), proposed: isProposed ? [part, odd] : [],
            reasons: isProposed ? ["The text names 2 items from RE-2026-4102", "The payer's name is new."] : [],
            runnerUp: isProposed
                ? .init(document: "RE-2026-4390", words: "RE-2026-4390: The text does not name it.") : nil,
            placed: line.state == "placed" ? [part] : [],
            taken: question.take.isEmpty ? [] : [odd], found: question.search == "nothing" ? [] : [part, odd],
            afterwards: isProposed ? [odd] : [], next: isProposed ? "0EK3A7Q2M1D02" : nil)
    }

    func bankStatements(page: Int, seller: String?, language: Language) async throws -> BankStatementsView {
        BankStatementsView(
            sellers: sellers,
            statements: ["first", "continues", "gap", "unbalanced", "no-balance"].map {
                BankStatementLine(
                    seller: "DE", account: "DE89370400440532013000", name: "2026-11-\($0)", format: "camt.053",
                    openingDay: Day("2026-11-22"), closingDay: Day("2026-11-23"), opening: Fixture.eur("100.00"),
                    closing: Fixture.eur("-20.00"), entries: 88, continuity: $0,
                    gap: $0 == "gap" ? Fixture.eur("12.00") : nil)
            })
    }

    func bill(_ question: BillQuestion, seller: String?, language: Language) async throws -> BillView {
        let drafts = Fixture.drafts.filter { question.show == .all || $0.state == question.show.rawValue }
        return BillView(
            day: Fixture.today, sellers: sellers,
            unbilled: UnbilledView(
                charges: 14, worth: [Amount(Fixture.eur("9310.75"))],
                customers: [
                    UnbilledCustomer(
                        seller: "DE", customer: "K-3001", name: "Brandt & Söhne Hafenbau KG", since: Day("2026-11-02")!,
                        charges: 14, worth: [Amount(Fixture.eur("9310.75"))], unpriced: 1,
                        why: "No list has a price for QC-1 on that day.")
                ]),
            counts: [
                KindCount(kind: "stopped", count: 1), KindCount(kind: "look", count: 1),
                KindCount(kind: "clean", count: 1),
            ], clean: [Amount(Fixture.eur("1190.00"))], drafts: drafts,
            numbers: [NextNumber(seller: "DE", number: "RE-2026-004501", last: "RE-2026-004503")])
    }

    static let drafts = [
        draft("0EK3A7Q2M1E01", "stopped", "7789.00", last: "3802.00"),
        draft("0EK3A7Q2M1E02", "look", "640.00", last: "700.00"),
        draft("0EK3A7Q2M1E03", "clean", "1000.00", last: nil),
    ]
    private static func draft(_ id: String, _ state: String, _ net: String, last: String?) -> DraftRow {
        let money = eur(net)
        let tax = Money(minor: money.minor * 19 / 100, .eur)
        return DraftRow(
            draft: id, state: state, seller: "DE", customer: "K-3001", customerName: "<i>Grünholz</i> GmbH",
            order: "A-4466", day: Day("2026-11-20")!, net: money, tax: tax, gross: money + tax,
            findings: state == "clean"
                ? []
                : [
                    DraftFinding(
                        check: "quantity", severity: state == "stopped" ? "stop" : "warn",
                        why: "120 cans are asked for; 12 are usual.", next: "Ask the yard.")
                ], last: last.map { ("RE-2026-4102", eur($0)) })
    }

    func draft(_ id: String, language: Language) async throws -> DraftView? {
        guard let row = Fixture.drafts.first(where: { $0.draft == id }) else { return nil }
        return DraftView(
            asOf: Fixture.today, seller: Fixture.seller, draft: row, waits: true,
            lines: [
                DraftLine(
                    order: "A-4466", line: 1, day: Day("2026-11-20")!, sku: "HS-12-2", description: "Hydraulic oil",
                    quantity: Figure("120")!, unitPrice: Figure("42.4"), discount: Figure("5"), net: Figure("5088.00")),
                DraftLine(
                    order: "A-4466", line: 2, day: Day("2026-11-20")!, sku: "QC-1", description: "Coupling",
                    quantity: Figure("1")!, unitPrice: nil, discount: nil, net: nil, why: "No price."),
            ],
            history: row.state == "clean"
                ? [] : [PastInvoice(number: "RE-2026-4102", day: Day("2026-09-04")!, net: Fixture.eur("3802.00"))])
    }

    func ask(customer: String?, seller: String?, language: Language) async throws -> AskView {
        AskView(
            day: Fixture.today, sellers: sellers,
            letters: [
                AskLetter(
                    seller: "DE", customer: "K-3001", customerName: "Brandt & Söhne Hafenbau KG", level: 2,
                    channel: "email", payBy: Day("2026-12-03")!, totals: [Amount(Fixture.eur("4312.36"))], items: 1)
            ],
            held: [
                AskHeld(
                    seller: "DE", customer: "K-3002", customerName: "Quiet Harbour Ltd", code: "reminder.unmatched",
                    why: "500.00 EUR is unplaced and could be theirs.", next: "Place it first.",
                    totals: [Amount(Fixture.eur("812.00"))])
            ], levels: [LevelCount(level: 2, count: 3)], totals: [Amount(Fixture.eur("4312.36"))],
            outbox: [KindCount(kind: "open", count: 4), KindCount(kind: "queued", count: 4)],
            selected: AskText(
                seller: "DE", customer: "K-3001", customerName: "Brandt & Söhne Hafenbau KG", level: 2, language: "de",
                from: "Weidengrund Werkzeugbau GmbH", address: ["Am Alten Vorhafen 4", "27570 Bremerhaven"],
                mailTo: ["buchhaltung@brandt.example"], channel: "email", subject: "4.312,36 EUR sind überfällig",
                opening: ["Guten Tag,", "bitte sehen Sie nach."],
                headings: ["Beleg", "Datum", "Fällig", "Verzug", "Offen"],
                rows: [["RE-2026-4102", "04.09.2026", "04.10.2026", "50 Tage", "4.312,36 EUR"]],
                totals: [["Zu zahlen", "", "", "", "4.312,36 EUR"]], closing: ["1. Zahlen", "2. <u>Reden</u>"],
                payment: [["IBAN", "DE89 3704 0044 0532 0130 00"]], ending: ["Vielen Dank."],
                signature: ["Freundliche Grüße", "Weidengrund"],
                reasons: [["RE-2026-4102", "50 days after the due day."]],
                next: "DE/K-3002"))
    }

    func letters(state: String, page: Int, seller: String?, language: Language) async throws -> LettersView {
        LettersView(
            day: Fixture.today, sellers: sellers, state: state, counts: [KindCount(kind: "open", count: 3)],
            letters: ["queued", "sending", "refused", "uncertain", "sent", "withdrawn"].enumerated().map {
                place, state in
                OutboxLine(
                    message: "0EK3A7Q2M1F0\(place)", seller: "DE", kind: place == 0 ? "reminder" : "invoice",
                    document: place == 0 ? nil : "RE-2026-4102", customer: "K-3001",
                    customerName: "Brandt & Söhne Hafenbau KG", channel: "email", state: state, attempts: place,
                    answer: state == "refused" ? "550 <no> such mailbox" : "",
                    changed: Fixture.instant("2026-11-23T08:41:00.000000Z"))
            })
    }

    func reminderPolicy(seller: String?, language: Language) async throws -> ReminderPolicyView {
        ReminderPolicyView(
            day: Fixture.today, sellers: sellers,
            levels: (1...3).map {
                PolicyLevel(
                    level: $0, daysOverdue: $0 * 14, deadlineDays: 10, channels: ["email", "post"], tone: "firm")
            }, daysBetween: 10, minimum: [Amount(Fixture.eur("5.00"))], bankDataDays: 3, consumerExtraDays: 7,
            consumerHighestLevel: 2)
    }

    func disputes(page: Int, seller: String?, language: Language) async throws -> DisputesView {
        DisputesView(
            day: Fixture.today, sellers: sellers,
            disputes: [
                DisputedItem(
                    seller: "DE", invoiceNo: "RE-2026-4102", customer: "K-3001",
                    customerName: "Brandt & Söhne Hafenbau KG", disputed: Fixture.eur("1240.00"),
                    open: Fixture.eur("4312.36"), reason: "two were <broken>", since: Day("2026-10-05")!)
            ], worth: [Amount(Fixture.eur("1240.00"))],
            holds: [
                HeldBack(
                    seller: "DE", customer: "K-3001", customerName: "Brandt & Söhne Hafenbau KG",
                    document: "RE-2026-4102", reason: "promised", since: Day("2026-11-04")!, until: nil)
            ])
    }

    func settings(seller: String?, language: Language) async throws -> SettingsView {
        SettingsView(
            day: Fixture.today,
            sellers: sellers.map {
                SellerSettings(
                    seller: $0, country: "DE", address: ["Weidengrund 1", "28195 Bremen"], vatId: "DE999999999",
                    email: "post@weidengrund.example", phone: "", timeZone: "Europe/Berlin", language: "de",
                    termsDays: 30,
                    accounts: [SellerAccount(account: "DE89370400440532013000", currency: "EUR", bic: "")],
                    series: "RE-{year}-{n:6}", nextNumber: "RE-2026-004501", openFrom: Day("2026-01-01")!,
                    hasPolicy: false)
            }, engine: "sqlite", schema: 10)
    }

    func approvals(seller: String?, for session: WebSession) async throws -> ApprovalsView {
        ApprovalsView(
            day: Fixture.today, sellers: sellers,
            open: [
                ApprovalView(
                    id: "0EK3A7Q2M1C01", state: "waiting", asks: "invoice credit", seller: "DE", customer: "K-3001",
                    amount: Amount(Fixture.eur("4312.36")), askedBy: "ines", asked: Fixture.today, decidedBy: nil,
                    roles: ["finance", "manager"],
                    values: [
                        .init(name: "number", value: "RE-2026-4102"), .init(name: "reason", value: "two were <broken>"),
                    ], answer: nil, mayDecide: true, mayWithdraw: false)
            ],
            decided: [
                ApprovalView(
                    id: "0EK3A7Q2M1C02", state: "refused", asks: "cash write-off", seller: "DE", customer: nil,
                    amount: Amount(Fixture.eur("80.00")), askedBy: "ines", asked: Fixture.today, decidedBy: "okan",
                    roles: [], values: [], answer: "Ask them <first>", mayDecide: false, mayWithdraw: false)
            ],
            limits: [
                ApprovalLimitView(rule: "invoice credit", role: "coordinator", alone: "1000", agrees: "none"),
                ApprovalLimitView(rule: "invoice credit", role: "manager", alone: "25000", agrees: "any"),
            ])
    }
}
