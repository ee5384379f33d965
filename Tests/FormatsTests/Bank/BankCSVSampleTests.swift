import Formats
import Money
import Testing

@Suite("Bank tables are read by a map chosen by their headings")
struct BankCSVSampleTests {
    /// Maps as a person would save them, one for each kind of heading row.
    private static let maps: [BankCSVMap] = {
        func map(_ day: BankCSVMap.Column, _ debit: BankCSVMap.Column, _ credit: BankCSVMap.Column) -> BankCSVMap {
            var map = BankCSVMap(bookingDay: day)
            map.debit = debit
            map.credit = credit
            map.balance = ["Saldo*", "Solde*", "Balance*"]
            map.text = [
                [
                    "Buchungstext", "Text", "Beschreibung", "Description*", "Texte", "Testo",
                    "Testo di contabilizzazione",
                    "Transactions", "Informationen zur Buchung", "Avisierungstext", "Notification text",
                    "Texte de notification",
                ]
            ]
            map.detailAmount = [
                "Betrag Detail", "Betrag Einzelzahlung", "Einzelbetrag", "Montant individuel", "Importo individuale",
            ]
            return map
        }
        let days: BankCSVMap.Column = [
            "Buchung", "Buchungsdatum", "Datum", "Date comptable", "Data di registrazione", "Data", "Execution date",
            "Valutadatum",
            "Abschlussdatum", "Date de transaction", "Date", "Data dell'operazione", "Trade date",
            "Data di transazione",
            "Data contabile", "Date d’écriture", "Data transazione", "Booked At", "Buchungstag",
            "Date de comptabilisation", "Booking date",
        ]
        let debits: BankCSVMap.Column = [
            "Belastung", "Belastung *", "Belastungsbetrag*", "Lastschrift*", "Débit*", "Debit*", "D\u{FFFD}bit*",
            "Soll", "Addebiti", "Addebito*",
            "Importo di addebito*",
        ]
        let credits: BankCSVMap.Column = [
            "Gutschrift", "Gutschrift *", "Gutschriftsbetrag*", "Crédit*", "Cr\u{FFFD}dit*", "Haben", "Credit*",
            "Accrediti", "Accredito*", "Importo di accredito*",
        ]
        var single = BankCSVMap(bookingDay: days)
        single.amount = [
            "Betrag", "Importo", "Montant", "Amount", "Quantit*", "Credit/Debit Amount", "Transaktionsbetrag",
            "Montant de la transaction",
        ]
        single.balance = ["Saldo*", "Solde*", "Balance*"]
        single.text = [["Verwendungszweck", "Buchungstext", "Beschreibung", "Descrizione*"]]
        var german = BankCSVMap(bookingDay: "Buchungstag")
        german.amount = "Betrag"
        german.text = ["Verwendungszweck"]
        return [map(days, debits, credits), german, single]
    }()

    @Test("rows and totals agree with the sources' own tables") func samples() throws {
        var compared = 0
        var left: [String] = []
        for (name, path, facts) in SampleFacts.all("csv") {
            guard let facts = facts["sourceTests"] as? [String: Any], let rows = facts["rows"] as? Int,
                facts["incomeTotal"] is String
            else { continue }
            guard let contents = read(path) else {
                left.append(name)
                continue
            }
            let sums = contents.statements[0].totals.sums.first
            let currency = sums?.credit.currency ?? .chf
            let income = SampleFacts.money(facts, "incomeTotal", currency)
            let expenses = SampleFacts.money(facts, "expensesTotal", currency)
            // Card statements count the other way round.
            let agree =
                [income, expenses] == [sums?.credit, sums?.debit] || [expenses, income] == [sums?.credit, sums?.debit]
            if agree, contents.statements[0].totals.entries == rows { compared += 1 } else { left.append(name) }
        }
        guard compared + left.count > 0 else { return }
        print("bank tables that agree: \(compared); left: \(left.sorted().joined(separator: ", "))")
        #expect(compared >= 40)
    }

    private func read(_ path: String) -> BankFileContents? {
        for map in Self.maps {
            if let contents = try? BankFile.contents(path: path, options: .init(csv: map, currency: .chf)),
                contents.statements[0].totals.sums.count == 1
            {
                return contents
            }
        }
        return nil
    }

    @Test("an amount that is none is refused with its line and heading") func garbled() throws {
        for (_, path, facts) in SampleFacts.all("csv") where facts["errorCase"] != nil {
            var map = BankCSVMap(bookingDay: "Date")
            map.amount = "Amount"
            map.currency = "Currency"
            let problems = try #require(throws: BankFileProblems.self) {
                try BankFile.contents(path: path, options: .init(csv: map))
            }
            #expect(problems.problems.map(\.line) == [3])
            #expect(problems.problems[0].field == "Amount")
            #expect(problems.problems[0].value == "12..34")
        }
    }
}
