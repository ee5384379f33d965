import Database
import Ledger
import Money

/// Reads a book's journal from one end to the other, first the entries, then their lines, in the order they lie in: a lookup
/// for each line would take five times as long, and sorting them even more. The lines of an entry lie together, as they were
/// recorded; where they do not, the walk comes to the same.
struct MovementWalk {
    let book: ReportBook
    let scope: ReportScope
    private(set) var days: [Currency: [Day: Movement]] = [:]

    /// What an entry is, and whether it takes back: of every entry but sales and receipts, which are most. A sale needs no look;
    /// a receipt is bank against unapplied and moves no receivables.
    private struct Nature {
        let kind: Entry.Kind?
        let takesBack: Bool
        /// Told by all of its lines, not by those on receivables alone.
        var isWhole: Bool {
            switch kind {
            case .sale, .interest, .credit, .history: false
            case .receipt, .allocation, .writeOff, .refund, .reversal, nil: true
            }
        }
    }
    private var natures: [Int64: Nature] = [:]

    /// The lines of one entry that add up: all of them, or those that lay together.
    private struct Part {
        /// On receivables, on bank and unapplied, and on the accounts that a write-off is booked to; debit is positive.
        var owed: Int64 = 0
        var paid: Int64 = 0
        var givenUp: Int64 = 0
        /// Those of the line on receivables, of which an entry moves one currency; nil before there is one.
        var place: (day: Day, currency: Currency)?

        mutating func add(_ other: Part) {
            owed += other.owed
            paid += other.paid
            givenUp += other.givenUp
            place = place ?? other.place
        }
        var movement: Movement { Movement(collected: paid, writtenOff: givenUp, other: owed + paid + givenUp) }
    }
    private var part = Part()
    private var partOf: Int64?
    /// Lines whose entry has shown none on receivables yet.
    private var waiting: [Int64: Part] = [:]

    init(book: ReportBook, scope: ReportScope) {
        self.book = book
        self.scope = scope
    }

    mutating func read(in transaction: any Transaction) throws {
        let parameters = [book.key, scope.day, scope.known]
        var kinds = WordColumn<Entry.Kind>()
        try transaction.rows(Self.entries, parameters) { row in
            natures[try row.int(0)] = Nature(kind: kinds.read(row, 1), takesBack: false)
        }
        try transaction.rows(Self.reversals, parameters) { row in
            natures[try row.int(0)] = Nature(kind: kinds.read(row, 1), takesBack: try row.int(2) == 1)
        }
        var (accounts, currencies, dates) = (WordColumn<Account>(), CurrencyColumn(), DayColumn())
        try transaction.rows(Self.lines, parameters) { row in
            guard let account = accounts.read(row, 1) else { return }
            let (entry, minor) = (try row.int(0), try row.int(2))
            if account == .receivables {
                let (currency, day) = (try currencies.read(row, 3), try dates.read(row, 4))
                addReceivable(entry, minor, currency, day)
            } else if entry == partOf || natures[entry]?.isWhole == true {
                addOther(entry, account, minor)
            }
        }
        settle()
        try settleWaiting(in: transaction)
    }

    private mutating func addReceivable(_ entry: Int64, _ minor: Int64, _ currency: Currency, _ day: Day) {
        let nature = natures[entry] ?? Nature(kind: .sale, takesBack: false)
        switch nature.kind {
        case .sale, .interest: add(Movement(invoiced: minor), currency, day)
        case .credit: add(Movement(credited: -minor), currency, day)
        case .history:
            let isCredit = nature.takesBack ? minor > 0 : minor < 0
            add(isCredit ? Movement(credited: -minor) : Movement(invoiced: minor), currency, day)
        case .receipt, .allocation, .writeOff, .refund, .reversal, nil:
            begin(entry)
            part.owed += minor
            part.place = (day, currency)
        }
    }

    private mutating func addOther(_ entry: Int64, _ account: Account, _ minor: Int64) {
        switch account {
        case .bank, .unapplied:
            begin(entry)
            part.paid += minor
        case .discountGiven, .writtenOff, .bankCharges, .salesTax:
            begin(entry)
            part.givenUp += minor
        case .receivables, .revenue, .exchangeDifference, .cashRounding, .interestIncome, .openingBalance: break
        }
    }

    private mutating func begin(_ entry: Int64) {
        guard partOf != entry else { return }
        settle()
        partOf = entry
    }

    /// Counts the lines that lay together, or lets them wait for the one on receivables.
    private mutating func settle() {
        guard let entry = partOf else { return }
        if let place = part.place {
            if !waiting.isEmpty, let earlier = waiting.removeValue(forKey: entry) { part.add(earlier) }
            add(part.movement, place.currency, place.day)
        } else {
            waiting[entry, default: Part()].add(part)
        }
        part = Part()
        partOf = nil
    }

    /// Those that wait still: their entry moves no receivables, as one that pays a receipt back, or its line lay before them.
    private mutating func settleWaiting(in transaction: any Transaction) throws {
        guard !waiting.isEmpty else { return }
        try transaction.pick(Array(waiting.keys))
        var (currencies, dates) = (CurrencyColumn(), DayColumn())
        try transaction.rows(Self.places, [book.key]) { row in
            guard let left = waiting.removeValue(forKey: try row.int(0)) else { return }
            add(left.movement, try currencies.read(row, 1), try dates.read(row, 2))
        }
    }

    private mutating func add(_ movement: Movement, _ currency: Currency, _ day: Day) {
        days[currency, default: [:]][day, default: Movement()] += movement
    }

    // `+book` keeps both engines from the index, which would lead them through the tables line by line.

    static let entries = """
        SELECT entry, kind FROM entries
        WHERE +book = $1 AND kind <> 'sale' AND kind <> 'receipt' AND reverses IS NULL AND day <= $2 AND recorded <= $3
        """

    /// What is taken back counts as what it was; what was taken back and is taken back again, as what that was.
    static let reversals = """
        SELECT e.entry, COALESCE(o.kind, r.kind), CASE WHEN r.reverses IS NULL THEN 1 ELSE 0 END
        FROM entries e
        JOIN entries r ON r.book = e.book AND r.entry = e.reverses
        LEFT JOIN entries o ON o.book = r.book AND o.entry = r.reverses
        WHERE e.book = $1 AND e.reverses IS NOT NULL AND e.day <= $2 AND e.recorded <= $3
        """

    static let lines = """
        SELECT entry, account, minor, currency, day FROM journal_lines
        WHERE +book = $1 AND account <> 'revenue' AND account <> 'opening-balance' AND day <= $2 AND recorded <= $3
        """

    static let places = """
        SELECT l.entry, l.currency, l.day
        FROM picked
        CROSS JOIN journal_lines l
        WHERE l.book = $1 AND l.entry = picked.key AND l.account = 'receivables'
        """
}

/// Reads a column of a few words, each the raw value of a case: remembers those it has met. nil for a word that is none.
struct WordColumn<Word: RawRepresentable<String>> {
    private var met: [(bytes: [UInt8], word: Word?)] = []

    mutating func read(_ row: borrowing RowCursor, _ column: Int) -> Word? {
        row.withBytes(column) { bytes in
            for known in met where known.bytes.elementsEqual(bytes) { return known.word }
            let word = Word(rawValue: String(decoding: bytes, as: UTF8.self))
            // More are met only in books that somebody has altered.
            if met.count < 64 { met.append((Array(bytes), word)) }
            return word
        }
    }
}
