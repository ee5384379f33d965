import Books
import CreditControl
import Database
import Foundation
import Ledger
import Money

/// The reminder policies in the books: a changed policy is a new row; the standard holds where there is none.
enum ReminderPolicies {
    static let kind = "reminder"

    /// Of the seller, else of every seller (no code), else the standard.
    static func inForce(on day: Day, seller: String, in transaction: any Transaction) throws -> ReminderPolicy {
        let rows = try transaction.query(
            """
            SELECT content FROM policies
            WHERE kind = $1 AND seller IN ($2, '') AND valid_from <= $3
            ORDER BY CASE WHEN seller = '' THEN 1 ELSE 0 END, valid_from DESC, policy DESC
            LIMIT 1
            """, [.text(kind), .text(seller), .text(day.description)])
        guard let row = rows.first else { return .standard }
        return try JSONDecoder().decode(ReminderPolicy.self, from: Data(try row.text(0).utf8))
    }
}

extension CreditControlDesk {
    /// The policy that holds on a day.
    public func policy(on day: Day, book: Int64) async throws -> ReminderPolicy {
        let (now, dice) = (clock(), chance())
        return try await database.read { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            return try ReminderPolicies.inForce(on: day, seller: books.seller.code, in: transaction)
        }
    }

    /// The same as JSON, as `reminder policy show` prints it.
    public func policyJSON(on day: Day, book: Int64) async throws -> String {
        try await policy(on: day, book: book).json()
    }

    /// Sets a policy from a day on, as JSON; what is left out has its default. `book` nil: for every seller. Returns the whole
    /// policy as it is kept. The same again changes nothing.
    public func setPolicy(_ json: String, validFrom day: Day, book: Int64?, dryRun: Bool = false) async throws
        -> ReminderPolicy
    {
        let policy: ReminderPolicy
        do {
            policy = try JSONDecoder().decode(ReminderPolicy.self, from: Data(json.utf8))
        } catch let error as DecodingError {
            throw ReminderPolicyRefusal.unreadable(Self.words(error))
        }
        try policy.check()
        guard !dryRun else { return policy }
        let content = try policy.json()
        let (now, dice) = (clock(), chance())
        return try await database.transaction { transaction in
            let seller = try book.map { try Books($0, in: transaction, clock: now, chance: dice).seller.code } ?? ""
            let latest = try transaction.query(
                """
                SELECT content FROM policies WHERE kind = $1 AND seller = $2 AND valid_from = $3
                ORDER BY policy DESC LIMIT 1
                """, [.text(ReminderPolicies.kind), .text(seller), .text(day.description)])
            if try latest.first?.text(0) == content { return policy }
            // A later change of the same day must come after an earlier one, whatever the clock says.
            let highest = try transaction.query("SELECT COALESCE(max(policy), 0) FROM policies", [])[0].int(0)
            let id = max(RecordID(at: now, count: Int64(dice & 0x1F_FFFF)).number, highest + 1)
            try transaction.insert(
                into: "policies", columns: ["policy", "kind", "seller", "valid_from", "content", "recorded"],
                rows: [
                    [
                        .int(id), .text(ReminderPolicies.kind), .text(seller), .text(day.description), .text(content),
                        .text(now.description),
                    ]
                ])
            return policy
        }
    }

    private static func words(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return path.isEmpty ? "" : "\(path): "
        }
        return switch error {
        case .keyNotFound(let key, let context): "\(place(context))\(key.stringValue) is missing."
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(place(context))the value is of another kind."
        case .dataCorrupted(let context): "\(place(context))it cannot be read as JSON."
        @unknown default: "it cannot be read."
        }
    }
}
