import Books
import Database
import Ledger

/// What undo puts right beside the entries, in its own transaction.
extension ReceivablesDesk {
    /// Removes what a match proposed, if it was the last: proposals always stem from the last one, which had replaced the others.
    public static func forgetProposals(of match: CommandRecord, books: Books) throws {
        let newer = try books.transaction.query(
            "SELECT 1 FROM commands WHERE book = $1 AND kind = 'cash.match' AND recorded > $2 LIMIT 1",
            [.int(books.book), .text(match.recorded)])
        guard newer.isEmpty else { return }
        _ = try books.transaction.execute("DELETE FROM match_proposals WHERE book = $1", [.int(books.book)])
    }

    /// Forgets that money from these accounts was theirs: a placing that was taken back is no evidence any more. Where others
    /// of the same account stand, the next match learns it again.
    public static func forgetAccounts(learntBy command: CommandID, books: Books) throws {
        let learnt = try books.transaction.query(
            """
            SELECT DISTINCT t.account_key, a.customer
            FROM allocations a
            JOIN receipts r ON r.book = a.book AND r.receipt = a.receipt
            JOIN bank_texts t ON t.book = r.book AND t.bank_line = r.bank_line
            WHERE a.book = $1 AND a.command = $2 AND t.account_key <> ''
            """, [.int(books.book), .text(command.text)])
        for row in learnt {
            _ = try books.transaction.execute(
                "DELETE FROM customer_accounts WHERE book = $1 AND account_key = $2 AND customer = $3 AND learnt = 1",
                [.int(books.book), .text(try row.text(0)), .int(try row.int(1))])
        }
    }
}
