import Database
import Ledger

/// Proves the audit chain over the books: every leaf, tree, root and link is reckoned anew from the records.
enum SealVerification {
    static func books(_ transaction: any Transaction) throws -> [Int64] {
        try transaction.query("SELECT book FROM sellers ORDER BY book", []).map { try $0.int(0) }
    }

    /// Transactions that are neither sealed nor wait for it: an anti-join over the whole book.
    static func left(in book: Int64, _ transaction: any Transaction) throws -> [Int64] {
        try transaction.query(
            """
            SELECT a.audit FROM audit_records a
            WHERE a.book = $1
                AND NOT EXISTS (SELECT 1 FROM sealed_records s WHERE s.book = a.book AND s.audit = a.audit)
                AND NOT EXISTS (SELECT 1 FROM unsealed_records u WHERE u.book = a.book AND u.audit = a.audit)
            ORDER BY a.audit
            """, [.int(book)]
        ).map { try $0.int(0) }
    }

    /// Two truths: the seals fit what they seal and each other, and every record is sealed or waits.
    static func checks(in transaction: any Transaction) throws -> [VerifiedCheck] {
        var (seals, waiting): ([VerifiedCheck.Culprit], [VerifiedCheck.Culprit]) = ([], [])
        for book in try books(transaction) {
            seals += try chain(of: book, transaction)
            for audit in try left(in: book, transaction) {
                waiting.append(
                    .init(
                        book: book, record: "audit \(RecordID(number: audit))",
                        expected: "a seal, or a place in the queue",
                        found: "neither"))
            }
            waiting += try strays(in: book, transaction)
        }
        seals += try ties(transaction)
        return [VerifiedCheck(name: "seals", bad: seals), VerifiedCheck(name: "sealed-or-waiting", bad: waiting)]
    }

    /// What waits and is sealed already, or is no record.
    private static func strays(in book: Int64, _ transaction: any Transaction) throws -> [VerifiedCheck.Culprit] {
        try transaction.query(
            """
            SELECT u.audit, CASE WHEN s.audit IS NULL THEN 'no such record' ELSE 'sealed already' END
            FROM unsealed_records u
            LEFT JOIN audit_records a ON a.book = u.book AND a.audit = u.audit
            LEFT JOIN sealed_records s ON s.book = u.book AND s.audit = u.audit
            WHERE u.book = $1 AND (a.audit IS NULL OR s.audit IS NOT NULL)
            ORDER BY u.audit
            """, [.int(book)]
        ).map { row in
            .init(
                book: book, record: "audit \(RecordID(number: try row.int(0)))",
                expected: "a record that waits for its seal",
                found: try row.text(1))
        }
    }

    /// Each batch as it is reckoned anew, beside what is written.
    private static func chain(of book: Int64, _ transaction: any Transaction) throws -> [VerifiedCheck.Culprit] {
        var bad: [VerifiedCheck.Culprit] = []
        let seals = try transaction.query(
            "SELECT \(Seal.columns) FROM seals WHERE book = $1 ORDER BY batch", [.int(book)]
        )
        .map { try Seal($0) }
        var trees: [Int64: (tree: MerkleTree, transactions: Int64)] = [:]
        try transaction.rows(
            """
            SELECT s.batch, s.audit, a.recorded, a.hashes
            FROM sealed_records s
            LEFT JOIN audit_records a ON a.book = s.book AND a.audit = s.audit
            WHERE s.book = $1
            ORDER BY s.batch, s.audit
            """, [.int(book)]
        ) { row in
            let (batch, audit) = (try row.int(0), RecordID(number: try row.int(1)))
            var one = trees[batch] ?? (MerkleTree(), 0)
            one.transactions += 1
            if let hashes = try row.textOrNil(3) {
                SealLeaves(book: RecordID(number: book), audit: audit, recorded: try row.text(2), hashes: hashes)
                    .each { one.tree.append(SealHash(marked: $1)) }
            } else {
                bad.append(
                    .init(
                        book: book, record: "audit \(audit) of seal \(batch)", expected: "its record", found: "missing")
                )
            }
            trees[batch] = one
        }
        var (previous, number): (String, Int64) = ("", 0)
        for seal in seals {
            number += 1
            let found = trees.removeValue(forKey: seal.batch) ?? (MerkleTree(), 0)
            let reckoned = Seal(
                book: book, batch: number, sealed: seal.sealed, transactions: found.transactions,
                records: Int64(found.tree.count), tree: found.tree.root, previous: previous)
            if reckoned != seal {
                bad.append(.init(book: book, record: "seal \(seal.batch)", expected: seal.root, found: reckoned.root))
            }
            // The next one is held against what this one says, so that one forgery is one culprit.
            (previous, number) = (seal.root, seal.batch)
        }
        for batch in trees.keys.sorted() {
            bad.append(.init(book: book, record: "seal \(batch)", expected: "a seal", found: "missing"))
        }
        return bad + (try end(of: book, seals, transaction))
    }

    /// The end of the chain as sealers take it up.
    private static func end(
        of book: Int64, _ seals: [Seal], _ transaction: any Transaction
    ) throws -> [VerifiedCheck.Culprit] {
        let row = try transaction.query(
            "SELECT batches, transactions, records, root FROM seal_chains WHERE book = $1", [.int(book)]
        ).first
        let sums = seals.reduce(into: (Int64(0), Int64(0))) { sums, seal in
            sums.0 += seal.transactions
            sums.1 += seal.records
        }
        let expected = "\(seals.last?.batch ?? 0) \(sums.0) \(sums.1) \(seals.last?.root ?? "")"
        let found = try row.map { "\(try $0.int(0)) \(try $0.int(1)) \(try $0.int(2)) \(try $0.text(3))" } ?? "0 0 0 "
        guard found != expected else { return [] }
        return [.init(book: book, record: "end of the chain", expected: expected, found: found)]
    }

    /// Ties name roots that the chains have.
    private static func ties(_ transaction: any Transaction) throws -> [VerifiedCheck.Culprit] {
        let ties = try transaction.query("SELECT \(SealTie.columns) FROM seal_ties ORDER BY book, tie", []).map {
            try SealTie($0)
        }
        guard let home = ties.first?.book else { return [] }
        let roots = Set(
            try transaction.query("SELECT book, batch, root FROM seals", []).map {
                "\(RecordID(number: try $0.int(0))) \(try $0.int(1)) \(try $0.text(2))"
            })
        var bad: [VerifiedCheck.Culprit] = []
        var (previous, number): (String, Int64) = ("", 0)
        for tie in ties {
            let reckoned = SealTie(
                book: home, tie: number + 1, sealed: tie.sealed, heads: tie.heads, previous: previous)
            if reckoned != tie {
                bad.append(.init(book: tie.book, record: "tie \(tie.tie)", expected: tie.root, found: reckoned.root))
            } else if let lost = tie.heads.split(separator: ",").first(where: { !roots.contains(String($0)) }) {
                bad.append(
                    .init(book: tie.book, record: "tie \(tie.tie)", expected: String(lost), found: "no such seal"))
            }
            (previous, number) = (tie.root, tie.tie)
        }
        return bad
    }
}

extension Verification {
    /// Whether the chain still goes through a root that somebody kept: in full, or the code of a statement. Where records that
    /// were sealed by then were altered or removed, and everything sealed anew, it does not.
    public static func head(_ root: String, in transaction: any Transaction) throws -> VerifiedCheck {
        let known = try transaction.query("SELECT root FROM seals UNION ALL SELECT root FROM seal_ties", []).contains {
            SealCode.matches(root, root: try $0.text(0))
        }
        return VerifiedCheck(name: "head", bad: known ? [] : [lost(root)])
    }

    static func lost(_ root: String) -> VerifiedCheck.Culprit {
        .init(
            book: 0, record: "root \(root)", expected: "a seal or tie with this root",
            found: "none: what was sealed by then was altered or removed, or it is of other books")
    }
}
