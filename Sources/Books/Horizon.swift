import Database
import Ledger
import Money

/// The last instant before which nothing can still be committed: what a report is known at when nobody says.
///
/// A writer records at an instant later than every horizon published when its transaction began, and not before that beginning
/// (`Books.init`). SQLite has one writer at a time, so the horizon is the last instant recorded. PostgreSQL has many: a horizon
/// is first published, then held back to before the beginning of every transaction still open. Both hold when clocks step back.
public enum Horizon {
    /// The horizon now. On PostgreSQL it writes the publication in a transaction of its own; the report's reading transaction
    /// must begin after this returns.
    ///
    /// It is that of the whole books, also for who sees a part of them: an instant, and nothing of what happened.
    public static func take(_ asked: any Database, clock: Instant) async throws -> Instant {
        let database = (asked as? LimitedDatabase)?.whole ?? asked
        guard database.engine == .postgres else {
            return try await database.read { transaction in
                try last(in: transaction)
            }
        }
        let published = try await database.transaction { transaction in
            let now = max(clock, try databaseClock(transaction), try last(in: transaction))
            _ = try transaction.execute(
                "UPDATE book_clocks SET horizon = $1 WHERE horizon < $1", [.text(now.description)])
            return now
        }
        return try await database.read { transaction in
            guard let oldest = try transaction.oldestOtherTransaction(), let began = Instant(oldest) else {
                return published
            }
            return min(published, Instant(micro: began.micro - 1))
        }
    }

    /// The instant a report is known at: the one asked for, refused where it lies after the horizon, else the horizon.
    public static func knownAt(_ asked: Instant?, _ database: any Database, clock: Instant) async throws -> Instant {
        let horizon = try await take(database, clock: clock)
        guard let asked else { return horizon }
        guard asked <= horizon else { throw BooksRefusal.afterHorizon(asked: asked, horizon: horizon) }
        return asked
    }

    private static func last(in transaction: any Transaction) throws -> Instant {
        let rows = try transaction.query("SELECT max(horizon) FROM book_clocks", [])
        return try rows.first?.textOrNil(0).flatMap { Instant($0) } ?? Instant(micro: 0)
    }

    /// PostgreSQL's own clock, so that an instant recorded is never before the beginning of its transaction as others see it;
    /// the beginning of time on SQLite, where nobody else can see it.
    static func databaseClock(_ transaction: any Transaction) throws -> Instant {
        guard transaction.engine == .postgres else { return Instant(micro: 0) }
        return Instant(try transaction.databaseClock()) ?? Instant(micro: 0)
    }
}
