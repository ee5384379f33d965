import Database
import Foundation
import InvoicingDesk
import Ledger
import Money
import Workspace

/// How the sellers are set up.
extension WorkspaceBooks {
    func settings(seller: String?, language: Language) async throws -> SettingsView {
        let isFile = database.engine == .sqlite
        return try await reading { transaction in
            let houses = try houses(seller, transaction)
            let today = day(houses.first?.timeZone ?? "UTC")
            let schema = try transaction.query("SELECT max(number) FROM schema_migrations", []).first?.intOrNil(0)
            return SettingsView(
                day: today,
                sellers: try houses.map { try Self.settings($0, day($0.timeZone), language, transaction) },
                engine: isFile ? "sqlite" : "postgres", schema: Int(schema ?? 0))
        }
    }

    private static func settings(
        _ house: House, _ today: Day, _ language: Language, _ transaction: any Transaction
    ) throws -> SellerSettings {
        let row = try transaction.query(
            """
            SELECT s.street, s.postcode, s.city, s.vat_id, s.email, s.phone, s.language, s.terms_days, c.open_from
            FROM sellers s JOIN book_clocks c ON c.book = s.book WHERE s.book = $1
            """, [house.key])[0]
        let town = [try row.text(1), try row.text(2)].filter { !$0.isEmpty }.joined(separator: " ")
        let accounts = try transaction.query(
            "SELECT account, currency, bic FROM seller_accounts WHERE book = $1 ORDER BY place, account", [house.key]
        ).map { SellerAccount(account: try $0.text(0), currency: try $0.text(1), bic: try $0.text(2)) }
        let pattern = try transaction.query(
            "SELECT pattern FROM number_series WHERE book = $1 AND series = $2",
            [house.key, .text(InvoicingDesk.series)]
        ).first?.text(0)
        let own = try transaction.query(
            "SELECT 1 FROM policies WHERE kind = 'reminder' AND seller = $1 AND valid_from <= $2 LIMIT 1",
            [.text(house.code), .text(today.description)])
        return SellerSettings(
            seller: house.view, country: house.country, address: [try row.text(0), town].filter { !$0.isEmpty },
            vatId: try row.text(3), email: try row.text(4), phone: try row.text(5), timeZone: house.timeZone,
            language: try row.text(6), termsDays: Int(try row.int(7)), accounts: accounts, series: pattern ?? "",
            nextNumber: try nextNumber(house, today, clean: 1, transaction)?.number,
            openFrom: try Self.day(try row.text(8)), hasPolicy: !own.isEmpty)
    }
}
