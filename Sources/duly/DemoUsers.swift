import Access
import AccessDesk
import Books
import Database
import Ledger

/// The people of the example company. Everybody knows their password: it is an example.
enum DemoUsers {
    static let password = "nine quiet herons"
    static let people: [(name: String, fullName: String, role: Role)] = [
        ("coordinator", "Jette Harms", .coordinator), ("manager", "Okan Yildirim", .manager),
        ("sales", "Maren Petit", .sales), ("finance", "Ruben Castelo", .finance),
        ("auditor", "Hilde Aasen", .auditor), ("administrator", "Tomasz Wolny", .administrator),
    ]

    /// Sales sees one seller, the others all.
    static func add(to database: any Database, vault: Vault, sellers: [SellerFacts]) async throws {
        let desk = AccessDesk(
            database, hasher: PasswordHasher(), vault: vault, clock: Common.clock, chance: Common.chance)
        for person in people {
            var user = NewUser(
                name: person.name, fullName: person.fullName, email: "\(person.name)@example.com",
                role: person.role.rawValue)
            user.sellers = person.role == .sales ? sellers.prefix(1).map(\.code) : nil
            try await desk.add(user, password: password, by: "duly demo")
        }
    }
}
