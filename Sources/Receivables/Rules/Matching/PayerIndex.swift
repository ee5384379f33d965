/// Who a payer may be: by name, by account, and by what earlier receipts taught.
struct PayerIndex: Sendable {
    /// How a customer explains the payer of a receipt.
    struct Candidate: Sendable {
        var customer: Int32
        /// Decibans, 0 or less: how usual this name and account are for money of this customer.
        var score: Int
        var name: NameMatch
        var account: AccountMatch
    }
    enum NameMatch: Int, Comparable, Sendable {
        case unlike, contained, near, cut, reordered, otherForm, withoutForm, same, learnt
        static func < (left: NameMatch, right: NameMatch) -> Bool { left.rawValue < right.rawValue }
    }
    enum AccountMatch: Sendable { case none, unknown, known, learnt, shared }

    private var names: [(name: PayerName, customer: Int32)] = []
    private var byFull: KeyIndex
    private var byCore: KeyIndex
    private var bySorted: KeyIndex
    private var byHead: KeyIndex
    private var byWord: KeyIndex
    private var accounts: [String: [Int32]] = [:]
    private var hasAccount: [Bool]
    /// Learnt in this run: how often a customer paid under a name or from an account.
    private var learntNames: [String: [(customer: Int32, times: Int)]] = [:]
    private var learntAccounts: [String: [(customer: Int32, times: Int)]] = [:]
    private var cache: [String: [(customer: Int32, match: NameMatch, score: Int)]] = [:]
    private let customers: Int

    /// The score of a name that resembles nothing on file, where the customer himself pays.
    static let unlikeName = -22
    /// Somebody else pays for the customer: one receipt in fifty.
    static let thirdParty = -17
    /// From here on a likeness of names is no chance: one slip, or less.
    static let resembles = -16
    private static let newAccount = -10

    init(payers: [MatchPayer]) {
        customers = payers.count
        let count = payers.reduce(0) { $0 + $1.names.count }
        byFull = KeyIndex(expecting: count)
        byCore = KeyIndex(expecting: count)
        bySorted = KeyIndex(expecting: count)
        byHead = KeyIndex(expecting: count)
        byWord = KeyIndex(expecting: count * 3)
        hasAccount = payers.map { !$0.accounts.isEmpty }
        for (index, payer) in payers.enumerated() {
            for name in payer.names { add(name, Int32(index)) }
            for account in payer.accounts { accounts[Self.plain(account), default: []].append(Int32(index)) }
        }
    }

    private mutating func add(_ written: String, _ customer: Int32) {
        let name = PayerName(written)
        guard !name.full.isEmpty else { return }
        let place = Int32(names.count)
        names.append((name, customer))
        byFull.insert(KeyHash.of(name.full), place)
        byCore.insert(KeyHash.of(name.core), place)
        bySorted.insert(Self.sortedKey(name), place)
        byHead.insert(KeyHash.of(name.full.prefix(8)), place)
        for word in Set(name.words.map { KeyHash.of($0) }).sorted() { byWord.insert(word, place) }
    }

    private static func sortedKey(_ name: PayerName) -> UInt64 {
        var hash = KeyHash()
        for word in name.words {
            hash.add(word)
            hash.add(0x20)
        }
        return hash.value
    }

    /// Accounts are opaque, but blanks and case never count.
    static func plain(_ account: String) -> String {
        account.utf8.contains { $0 == 0x20 || ($0 >= 0x61 && $0 <= 0x7A) }
            ? account.uppercased().filter { $0 != " " } : account
    }

    // MARK: Asking

    /// The customers whom name or account point to, best first, and the score of everybody else.
    mutating func candidates(name: String?, account: String?) -> (list: [Candidate], others: Int) {
        let name = name.flatMap { $0.isEmpty ? nil : $0 }
        let account = account.flatMap { $0.isEmpty ? nil : Self.plain($0) }
        guard name != nil || account != nil else { return ([], 0) }
        var byName = name.map { named($0) } ?? []
        if let name, let learnt = learntNames[name] {
            for (customer, times, total) in Self.shares(learnt) {
                let score = Self.learntScore(times, of: total)
                if let place = byName.firstIndex(where: { $0.customer == customer }) {
                    if byName[place].score < score { byName[place] = (customer, .learnt, score) }
                } else {
                    byName.append((customer, .learnt, score))
                }
            }
        }
        var byAccount: [(customer: Int32, match: AccountMatch, score: Int)] = []
        if let account {
            let known = accounts[account] ?? []
            for customer in known {
                byAccount.append((customer, known.count == 1 ? .known : .shared, -2 - Decibans.of(known.count)))
            }
            for (customer, times, total) in Self.shares(learntAccounts[account] ?? []) where !known.contains(customer) {
                let score = Self.learntScore(times, of: total) - (known.isEmpty ? 0 : 10)
                byAccount.append((customer, times == total ? .learnt : .shared, score))
            }
        }
        var list: [Candidate] = []
        for entry in byName {
            let paid = byAccount.first { $0.customer == entry.customer }
            let score = paid?.score ?? strangeAccount(account, of: entry.customer, knownToOthers: !byAccount.isEmpty)
            list.append(
                Candidate(
                    customer: entry.customer, score: entry.score + score, name: entry.match,
                    account: paid?.match ?? (account == nil ? .none : .unknown)))
        }
        for entry in byAccount where !byName.contains(where: { $0.customer == entry.customer }) {
            // Under a name that is somebody else's on file it is the less likely to be his own account.
            let strange = name == nil ? 0 : byName.contains { $0.match > .near } ? -20 : -8
            list.append(
                Candidate(customer: entry.customer, score: entry.score + strange, name: .unlike, account: entry.match))
        }
        list.sort { ($1.score, $0.customer) < ($0.score, $1.customer) }
        // A name or account that is somebody's on file is hardly ever a third party's.
        let isOnFile = !byAccount.isEmpty || byName.contains { $0.score >= Self.resembles }
        let others = Self.thirdParty - (isOnFile ? min(25, Decibans.of(customers)) : 0)
        list.removeAll { $0.score <= others }
        return (list, others)
    }

    private func strangeAccount(_ account: String?, of customer: Int32, knownToOthers: Bool) -> Int {
        if account == nil { return 0 }
        if knownToOthers { return -16 }
        return hasAccount[Int(customer)] ? Self.newAccount : -1
    }

    private static func learntScore(_ times: Int, of total: Int) -> Int {
        -(times == 1 ? 6 : 4) - (Decibans.of(total) - Decibans.of(times))
    }
    private static func shares(_ list: [(customer: Int32, times: Int)]) -> [(Int32, Int, Int)] {
        let total = list.reduce(0) { $0 + $1.times }
        return list.map { ($0.customer, $0.times, total) }
    }

    // MARK: Names

    private mutating func named(_ written: String) -> [(customer: Int32, match: NameMatch, score: Int)] {
        if let known = cache[written] { return known }
        let found = compare(PayerName(written), written)
        cache[written] = found
        return found
    }

    private func compare(_ name: PayerName, _ written: String) -> [(customer: Int32, match: NameMatch, score: Int)] {
        guard !name.full.isEmpty else { return [] }
        var best: [Int32: (match: NameMatch, score: Int)] = [:]
        func offer(_ place: Int32, _ match: NameMatch, _ score: Int) {
            let customer = names[Int(place)].customer
            if best[customer].map({ $0.score < score }) ?? true { best[customer] = (match, score) }
        }
        for place in byFull.values(KeyHash.of(name.full), limit: 16) { offer(place, .same, -3) }
        for place in byCore.values(KeyHash.of(name.core), limit: 32) {
            let form = names[Int(place)].name.legalForm
            if form == name.legalForm {
                offer(place, .same, -3)
            } else if form.isEmpty || name.legalForm.isEmpty {
                offer(place, .withoutForm, -7)
            } else {
                offer(
                    place, form.starts(with: name.legalForm) ? .withoutForm : .otherForm,
                    form.starts(with: name.legalForm) ? -8 : -16)
            }
        }
        for place in bySorted.values(Self.sortedKey(name), limit: 16) { offer(place, .reordered, -10) }
        if name.full.count >= 8 {
            let cut = written.utf8.count >= 24
            for place in byHead.values(KeyHash.of(name.full.prefix(8)), limit: 400)
            where names[Int(place)].name.full.starts(with: name.full)
                || names[Int(place)].name.core.starts(with: name.full)
            {
                offer(place, .cut, cut ? -9 : -14)
            }
        }
        // A name on file to the letter is no slip of another one.
        if best.count != 1 || best.first!.value.match != .same { near(name, offer) }
        return best.map { (customer: $0.key, match: $0.value.match, score: $0.value.score) }
            .sorted { ($1.score, $0.customer) < ($0.score, $1.customer) }
    }

    /// Misspelt (up to two slips), or with words more or less.
    private func near(_ name: PayerName, _ offer: (Int32, NameMatch, Int) -> Void) {
        guard name.core.count >= 5 else { return }
        var buckets: [[Int32]] = []
        for word in name.words where word.count >= 3 || word.contains(where: { $0 >= 0x80 }) {
            buckets.append(byWord.values(KeyHash.of(word), limit: 251))
        }
        buckets.append(byHead.values(KeyHash.of(name.full.prefix(8)), limit: 251))
        buckets.removeAll { $0.isEmpty || $0.count > 250 }
        buckets.sort { $0.count < $1.count }
        let limit = name.core.count >= 8 ? 2 : 1
        for place in Set(buckets.prefix(3).joined()) {
            let other = names[Int(place)].name
            if abs(other.core.count - name.core.count) <= limit,
                (other.letters ^ name.letters).nonzeroBitCount <= limit * 2,
                let distance = PayerName.distance(other.core[...], name.core[...], limit: limit), distance > 0
            {
                offer(place, .near, (distance == 1 ? -15 : -23) + (Self.swapsDigits(other, name) ? -10 : 0))
            } else if contains(other.words, name.words) || contains(name.words, other.words) {
                offer(place, .contained, -19)
            }
        }
    }

    /// `Süd 1` and `Süd 2` are two firms, not a slip.
    private static func swapsDigits(_ left: PayerName, _ right: PayerName) -> Bool {
        left.core.filter(Folding.isDigit) != right.core.filter(Folding.isDigit)
    }

    private func contains(_ all: [[UInt8]], _ some: [[UInt8]]) -> Bool {
        some.count >= 2 && some.count < all.count && some.reduce(0) { $0 + $1.count } >= 8
            && some.allSatisfy { all.contains($0) }
    }

    // MARK: Learning

    mutating func learn(name: String?, account: String?, customer: Int32) {
        if let name, !name.isEmpty { Self.count(customer, in: &learntNames[name, default: []]) }
        if let account, !account.isEmpty { Self.count(customer, in: &learntAccounts[Self.plain(account), default: []]) }
    }
    private static func count(_ customer: Int32, in list: inout [(customer: Int32, times: Int)]) {
        if let place = list.firstIndex(where: { $0.customer == customer }) {
            list[place].times += 1
        } else if list.count < 64 {
            list.append((customer, 1))
        }
    }
}
