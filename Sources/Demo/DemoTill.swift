import Money

/// Payments as customers make them, with what each truly pays.
struct DemoTill {
    private struct Line {
        let day: Day
        let seller: String
        let amount: Money
        let payer, iban, reference, text: String
        let scenario: DemoCompany.Scenario
        var pays: [(invoice: String, allocated: Money, writeOff: Money)] = []
    }
    /// How a customer pays: so many days after the due day, each invoice alone or all together on a day of the month.
    private struct Habit {
        let late: ClosedRange<Int>
        let monthly: Int?
    }

    private var lines: [Line] = []
    private var dice: DemoDice
    private let days: ClosedRange<Day>
    private let customers: [String: DemoCompany.Customer]
    private let sellers: [DemoCompany.Seller]

    init(seed: UInt64, days: ClosedRange<Day>, customers: [DemoCompany.Customer], sellers: [DemoCompany.Seller]) {
        dice = DemoDice(seed: seed, topic: "payments")
        self.days = days
        self.customers = Dictionary(uniqueKeysWithValues: customers.map { ($0.number, $0) })
        self.sellers = sellers
    }

    mutating func pay(_ invoices: [DemoCompany.Invoice]) {
        let byCustomer = Dictionary(grouping: invoices, by: \.customer)
        for number in byCustomer.keys.sorted() {
            guard let customer = customers[number], let mine = byCustomer[number] else { continue }
            let habit = habit()
            if let payday = habit.monthly {
                payTogether(mine, customer, on: payday)
            } else {
                payAlone(mine, customer, habit)
            }
        }
    }

    private mutating func habit() -> Habit {
        let late = dice.pick(weighted: [(-4...2, 50), (3...20, 30), (21...50, 14), (60...120, 6)])
        return Habit(late: late, monthly: dice.percent(25) ? dice.pick([5, 15, 25]) : nil)
    }

    /// Banks book on working days.
    private func workday(_ day: Day) -> Day { day.weekday > 5 ? day + (8 - day.weekday) : day }

    private mutating func add(
        _ scenario: DemoCompany.Scenario, _ day: Day, _ customer: DemoCompany.Customer, _ amount: Money,
        reference: String = "",
        text: String = "", payer: String? = nil, iban: String? = nil, pays: [(String, Money, Money)] = []
    ) {
        let day = workday(day)
        guard days.contains(day) else { return }
        let name = payer ?? (dice.percent(15) ? customer.name.uppercased() : customer.name)
        lines.append(
            Line(
                day: day, seller: customer.seller, amount: amount, payer: name, iban: iban ?? customer.iban,
                reference: reference,
                text: text, scenario: scenario, pays: pays.map { (invoice: $0.0, allocated: $0.1, writeOff: $0.2) }))
    }

    // MARK: All together

    /// Once a month, whatever is due by then, credit notes taken off.
    private mutating func payTogether(
        _ invoices: [DemoCompany.Invoice], _ customer: DemoCompany.Customer, on payday: Int
    ) {
        var waiting = invoices[...]
        var month = days.lowerBound.firstOfMonth
        var due: [DemoCompany.Invoice] = []
        while month <= days.upperBound {
            let day = month + (payday - 1)
            month = month.adding(months: 1)
            due += waiting.filter { $0.dueDay <= day && $0.day < day }
            waiting.removeAll { $0.dueDay <= day && $0.day < day }
            let batch = Array(due.prefix(8))
            let sum = batch.reduce(Int64(0)) { $0 + $1.gross.minor }
            guard let first = batch.first, sum > 0, days.contains(workday(day)) else { continue }
            due.removeFirst(batch.count)
            let numbers = batch.map { dice.percent(80) ? $0.number : shortened($0.number) }
            add(
                batch.count > 1 ? .bundle : .numberOnly, day, customer, Money(minor: sum, first.gross.currency),
                text: numbers.joined(separator: dice.pick([", ", " ", "; ", " + "])),
                pays: batch.map { ($0.number, $0.gross, .zero($0.gross.currency)) })
        }
    }

    /// As people write it: without the zeros, or without the prefix.
    private func shortened(_ number: String) -> String {
        let parts = number.split(separator: "-")
        guard parts.count == 3, let count = Int(parts[2]) else { return number }
        return "\(parts[0])-\(parts[1])-\(count)"
    }

    // MARK: One by one

    private mutating func payAlone(
        _ invoices: [DemoCompany.Invoice], _ customer: DemoCompany.Customer, _ habit: Habit
    ) {
        var credits: [DemoCompany.Invoice] = []
        for invoice in invoices where invoice.gross.minor != 0 {
            if invoice.isCreditNote {
                credits.append(invoice)
                continue
            }
            let day = max(invoice.day + 2, invoice.dueDay + dice.int(habit.late))
            if let credit = credits.first, -credit.gross.minor < invoice.gross.minor, credit.day < day {
                credits.removeFirst()
                net(invoice, credit, customer, day)
            } else {
                pay(invoice, customer, day)
            }
        }
    }

    private mutating func net(
        _ invoice: DemoCompany.Invoice, _ credit: DemoCompany.Invoice, _ customer: DemoCompany.Customer, _ day: Day
    ) {
        let none = Money.zero(invoice.gross.currency)
        add(
            .bundle, day, customer, invoice.gross + credit.gross, text: "\(invoice.number) abzgl. \(credit.number)",
            pays: [(invoice.number, invoice.gross, none), (credit.number, credit.gross, none)])
    }

    private mutating func pay(_ invoice: DemoCompany.Invoice, _ customer: DemoCompany.Customer, _ day: Day) {
        let (gross, none) = (invoice.gross, Money.zero(invoice.gross.currency))
        func money(_ minor: Int64) -> Money { Money(minor: minor, gross.currency) }
        var scenario = dice.pick(weighted: [
            (DemoCompany.Scenario?.some(.full), 42), (.numberOnly, 20), (.silent, 5), (.part, 6), (.discount, 7),
            (.fee, 4),
            (.wrongNumber, 3), (.thirdParty, 4), (.overpaid, 2), (.twice, 1), (nil, 6),
        ])
        if scenario == .fee, customer.country == customer.seller || gross.minor < 300_00 { scenario = .full }
        if scenario == .discount, customer.termsDays < 14 || customer.isConsumer { scenario = .full }
        if gross.minor < 20_00, scenario == .part || scenario == .overpaid { scenario = .full }
        switch scenario {
        case .full:
            let text = dice.percent(30) ? words(invoice) : ""
            add(
                .full, day, customer, gross, reference: invoice.reference, text: text,
                pays: [(invoice.number, gross, none)])
        case .numberOnly:
            add(.numberOnly, day, customer, gross, text: words(invoice), pays: [(invoice.number, gross, none)])
        case .silent:
            add(
                .silent, day, customer, gross, text: dice.pick(["", "Zahlung", "payment, thank you", "Material"]),
                pays: [(invoice.number, gross, none)])
        case .part: payInParts(invoice, customer, day)
        case .discount:
            let off = money(DemoSales.halfAwayFromZero(gross.minor * dice.pick([2, 2, 3]), 100))
            let text = words(invoice) + dice.pick([" abz. Skonto", " less discount", ""])
            add(
                .discount, invoice.day + dice.int(3...9), customer, gross - off, text: text,
                pays: [(invoice.number, gross - off, off)])
        case .fee:
            let off = money(Int64(dice.int(4...19)) * 100 + Int64(dice.pick([0, 50])))
            add(.fee, day, customer, gross - off, text: words(invoice), pays: [(invoice.number, gross - off, off)])
        case .wrongNumber:
            add(.wrongNumber, day, customer, gross, text: mistyped(invoice), pays: [(invoice.number, gross, none)])
        case .thirdParty:
            let payer = dice.pick([
                "Hansekontor Factoring AG", "Familie \(dice.pick(["Brauer", "Lindqvist", "Moser"]))",
                "\(customer.city) Invest Holding",
            ])
            add(
                .thirdParty, day, customer, gross, text: words(invoice), payer: payer,
                iban: DemoNumbers.iban("DE", &dice),
                pays: [(invoice.number, gross, none)])
        case .overpaid:
            let more = (gross.minor / 10_00 + 1) * 10_00
            add(.overpaid, day, customer, money(more), text: words(invoice), pays: [(invoice.number, gross, none)])
        case .twice:
            add(.full, day, customer, gross, reference: invoice.reference, pays: [(invoice.number, gross, none)])
            add(.twice, day + dice.int(1...6), customer, gross, reference: invoice.reference)
        case nil, .rest, .bundle, .unmatched, .moneyOut: break
        }
    }

    private mutating func payInParts(_ invoice: DemoCompany.Invoice, _ customer: DemoCompany.Customer, _ day: Day) {
        let none = Money.zero(invoice.gross.currency)
        let first = Money(
            minor: invoice.gross.minor * Int64(dice.int(30...65)) / 100 / 100 * 100, invoice.gross.currency)
        add(.part, day, customer, first, text: "Teilzahlung \(invoice.number)", pays: [(invoice.number, first, none)])
        guard dice.percent(65) else { return }
        let rest = invoice.gross - first
        let later = max(day, invoice.day) + dice.int(12...40)
        add(.rest, later, customer, rest, text: "Rest \(invoice.number)", pays: [(invoice.number, rest, none)])
    }

    private mutating func words(_ invoice: DemoCompany.Invoice) -> String {
        let number = invoice.number
        return switch dice.int(0...7) {
        case 0: "Rechnung \(number)"
        case 1:
            "RNr. \(number) vom \(DemoNumbers.padded(invoice.day.parts.day, 2)).\(DemoNumbers.padded(invoice.day.month, 2)).\(invoice.day.year)"
        case 2: "inv \(number.lowercased())"
        case 3: "KdNr \(invoice.customer) Rg \(number)"
        case 4: number.replacing("-", with: "")
        case 5: "Invoice \(shortened(number)) / order \(invoice.orderID)"
        case 6: number.replacing("-", with: " ")
        default: number
        }
    }

    /// The number with two neighbouring digits swapped, or one of them wrong.
    private mutating func mistyped(_ invoice: DemoCompany.Invoice) -> String {
        var digits = Array(invoice.number)
        let last = digits.count - 1
        if digits[last] != digits[last - 1] {
            digits.swapAt(last, last - 1)
        } else {
            digits[last] = digits[last] == "9" ? "8" : "9"
        }
        return "Rechnung " + String(digits)
    }

    // MARK: What pays no invoice

    mutating func addNoise(share orders: Int) {
        let span = days.upperBound - days.lowerBound
        for _ in 0..<(orders / 30 + (orders > 0 ? 2 : 0)) {
            let seller = dice.pick(sellers)
            let day = workday(days.lowerBound + dice.int(0...span))
            let isOut = dice.percent(50)
            let (payer, text) =
                isOut
                ? dice.pick([
                    ("Speicherstadt Immobilien", "Miete Lager"), ("Kraftwerk Nord eG", "Abschlag Strom 771"),
                    ("Holzimport Memel", "Lieferung 8841"),
                ])
                : dice.pick([
                    ("Finanzkasse", "Umsatzsteuer Erstattung"), ("Sparverein Uhland", "Zinsen"),
                    ("Messe Kontor", "Rueckzahlung Standmiete"), ("Lotte Unbekannt", "danke"),
                ])
            let minor = Int64(dice.int(25_00...3_900_00)) * (isOut ? -1 : 1)
            guard days.contains(day) else { continue }
            lines.append(
                Line(
                    day: day, seller: seller.code, amount: Money(minor: minor, seller.currency), payer: payer,
                    iban: DemoNumbers.iban("DE", &dice), reference: "", text: text,
                    scenario: isOut ? .moneyOut : .unmatched))
        }
    }

    // MARK: The statement

    /// The lines by day, each with the bank's reference.
    func numbered() -> ([DemoCompany.Payment], [DemoCompany.Allocation]) {
        var payments: [DemoCompany.Payment] = []
        var allocations: [DemoCompany.Allocation] = []
        let order = lines.indices.sorted {
            (lines[$0].day, lines[$0].seller, $0) < (lines[$1].day, lines[$1].seller, $1)
        }
        for (count, index) in order.enumerated() {
            let line = lines[index]
            let id = "BK" + DemoNumbers.padded(count + 1, 8)
            payments.append(
                DemoCompany.Payment(
                    id: id, day: line.day, seller: line.seller, amount: line.amount, payer: line.payer,
                    payerIBAN: line.iban,
                    reference: line.reference, text: line.text, scenario: line.scenario))
            allocations += line.pays.map {
                DemoCompany.Allocation(payment: id, invoice: $0.invoice, allocated: $0.allocated, writeOff: $0.writeOff)
            }
        }
        return (payments, allocations)
    }
}
