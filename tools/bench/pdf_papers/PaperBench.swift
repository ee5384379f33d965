import Correspondence
import Glibc
import Ledger
import Money

/// Makes the page of pdf_loop.c through `InvoicePaper`, each document with its own number and figures.
/// Use: pdf-papers COUNT [FILE]   prints documents per CPU second; FILE keeps the last document.
@main
enum PaperBench {
    static let goods = [
        ("Hydraulikschlauch DN 12", "HS-2SC-12"), ("Schnellkupplung 1/2 Zoll", "SK-7241"),
        ("Technikerstunde vor Ort", "TS-01"), ("Hebelzug 2 t, 3 m Hub", "KZ-2000"),
        ("Rundschlinge 1 t, 3 m", "RS-10-3"),
        ("Schäkel Güte 6, 4,75 t", "SCH-47"), ("Trennscheibe 125 mm", "DR-WS-25"), ("Handschuh PU, Größe 9", "HG-PU-9"),
        ("Staubmaske FFP2", "SB-FFP2"), ("Hydrauliköl HLP 46, 20 l", "OEL-46-20"), ("Fettkartusche EP 2", "FL-EP2"),
        ("Schraube M12 × 60", "BZ-M12"), ("Mutter M12, verzinkt", "MU-M12"), ("Scheibe 12, verzinkt", "US-12"),
        ("Leitung 3G1,5 Gummi, 50 m", "KB-3G15"), ("Baustrahler LED 50 W", "LED-50"), ("Zurrgurt 50 mm, 8 m", "ZG-50"),
        ("Holzkeil, Hartholz", "PL-KF"), ("Fäustel 2 kg, Esche", "HM-2"), ("Dichtringsatz 1/2 Zoll", "DI-12"),
    ]

    static func paper(_ number: Int64) -> InvoicePaper {
        var lines: [InvoicePaper.Line] = []
        var net = Money.zero(.eur)
        for (index, (name, sku)) in goods.enumerated() {
            let count = (number * 7 + Int64(index) * 13) % 90 + 1
            let price = (number * 31 + Int64(index) * 377) % 9000 + 105
            let amount = Money(minor: count * price, .eur)
            net += amount
            lines.append(
                .init(
                    sku: sku, description: name, quantity: Quantity(micro: count * 1_000_000), unit: "Stk",
                    unitPrice: UnitPrice(scaled: price * 100_000_000),
                    discount: index % 3 == 0 ? Rate(scaled: 8_000_000) : nil, net: amount))
        }
        let rate = Rate(scaled: 19_000_000)
        let tax = ExactProduct((net.minor, 2), (rate.scaled, 8)).rounded(.halfAwayFromZero, to: .eur)
        let text = "RE-2026-\(number)"
        return InvoicePaper(
            language: .german, number: text, issueDay: Day("2026-11-11")!, supply: .day(Day("2026-11-10")!),
            dueDay: Day("2026-12-11")!,
            seller: PaperSeller(
                name: "Norderwerk Technik GmbH", wordmark: "Norderwerk",
                addressLines: ["Hafenstraße 12", "20457 Hamburg"], phone: "040 555 0100",
                email: "rechnung@norderwerk.example", vatID: "DE000000000", register: "Amtsgericht Hamburg HRB 00000",
                management: "Geschäftsführung: Ines Norder",
                bank: PaperBank(iban: "DE02120300000000202051", bic: "BYLADEM1001")),
            recipient: PaperRecipient(
                addressLines: ["Süderhof Logistik AG", "Rechnungswesen", "Am Speicher 4", "27568 Bremerhaven"],
                customerNumber: "K-10482", vatID: "DE123456788"),
            purchaseOrder: "B 26-3318", reference: CreditorReference(documentNumber: text)?.text,
            intro: ["Vielen Dank für Ihren Auftrag."], currency: .eur, lines: lines,
            vat: [.init(category: .standard, rate: rate, taxable: net, tax: tax)], net: net, tax: tax, gross: net + tax,
            toPay: net + tax, created: Instant("2026-11-11T08:00:00Z")!)
    }

    static func main() throws {
        let count = CommandLine.arguments.count > 1 ? Int64(CommandLine.arguments[1]) ?? 200 : 200
        var last: [UInt8] = []
        for number in 9990..<9995 { last = try paper(Int64(number)).pdf() }
        let start = clock()
        for number in 10_000..<(10_000 + count) { last = try paper(number).pdf() }
        let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        if CommandLine.arguments.count > 2, let file = fopen(CommandLine.arguments[2], "wb") {
            fwrite(last, 1, last.count, file)
            fclose(file)
        }
        let rate = (Double(count) / seconds * 10).rounded() / 10
        print(
            "{\"what\": \"pdf, InvoicePaper\", \"documents\": \(count), \"cpu_seconds\": \(seconds), "
                + "\"per_cpu_second\": \(rate), \"bytes\": \(last.count)}")
    }
}
