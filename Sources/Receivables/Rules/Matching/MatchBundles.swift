import Ledger
import Money

/// Receipts that pay several items at once.
extension Matcher {
    private func add(
        _ set: [Int32], _ prior: Int, _ wording: MatchReading.Wording, _ scene: Scene, to readings: inout [MatchReading]
    ) {
        guard let fit = fit(set, scene.receipt) else { return }
        var reading = MatchReading(role: .pays, customer: scene.customer, items: set.sorted(), score: 0, fit: fit)
        reading.payer = scene.payer
        reading.wording = wording
        reading.score = scene.base + prior + scene.wording.score(of: set) + fit.score
        readings.append(reading)
    }

    private func total(_ set: some Sequence<Int32>) -> Int64 {
        var sum: Int64 = 0
        for item in set { sum += facts[Int(item)].open }
        return sum
    }

    private func isLikely(_ item: Int32, _ day: Day) -> Bool { (-20...45).contains(day - facts[Int(item)].dueDay) }

    /// Decibans for taking exactly `chosen` out of `pool`: an item whose time has come is taken half the time, another one in ten.
    private func choice(_ chosen: [Int32], of pool: [Int32], _ day: Day) -> Int {
        pool.reduce(-6) { score, item in
            let likely = isLikely(item, day)
            return score - (chosen.contains(item) ? (likely ? 3 : 10) : (likely ? 3 : 0))
        }
    }

    /// At most as many as subset sums can be searched for, those nearest to their due day first.
    private func pool(_ candidates: [Int32], _ day: Day) -> [Int32] {
        guard candidates.count > SubsetSum.limit else { return candidates }
        let byDistance = candidates.sorted {
            (abs(day - facts[Int($0)].dueDay), $0) < (abs(day - facts[Int($1)].dueDay), $1)
        }
        return byDistance.prefix(SubsetSum.limit).sorted()
    }

    func addUnnamedBundles(_ scene: Scene, _ hasExact: Bool, to readings: inout [MatchReading]) {
        let receipt = scene.receipt
        let visible = scene.visible
        guard visible.count >= 2 else { return }
        let start = readings.count
        let wording: MatchReading.Wording =
            scene.wording.namesCustomer ? .namesCustomer : receipt.namesDocuments ? .namesOthers : .silent
        let byDue = visible.sorted { (facts[Int($0)].dueDay, $0) < (facts[Int($1)].dueDay, $1) }
        var sum: Int64 = 0
        for (place, item) in byDue.enumerated() {
            sum += facts[Int(item)].open
            guard sum == receipt.amount.minor, place > 0 else { continue }
            let isAll = place + 1 == byDue.count
            let isAllDue =
                !isAll && facts[Int(item)].dueDay <= receipt.day && facts[Int(byDue[place + 1])].dueDay > receipt.day
            if isAll || isAllDue { add(Array(byDue[...place]), scene.silence - 13, wording, scene, to: &readings) }
        }
        let pool = pool(visible, receipt.day)
        let crowded = visible.count > pool.count && visible.count { isLikely($0, receipt.day) } > pool.count
        let sets = SubsetSum.sets(of: pool.map { facts[Int($0)].open }, summingTo: receipt.amount.minor)
        for set in sets where set.count > 1 {
            let chosen = set.map { pool[$0] }
            add(
                chosen, scene.silence + choice(chosen, of: pool, receipt.day) - (crowded ? 20 : 0), wording, scene,
                to: &readings)
        }
        if sets.count == SubsetSum.most { addDoubt(readings[start...], to: &readings) }
    }

    func addNamedBundles(_ scene: Scene, to readings: inout [MatchReading]) {
        let receipt = scene.receipt
        let named = scene.named
        let sum = total(named)
        if named.count > 1 { add(named, -6 - min(30, 3 * named.count), .names, scene, to: &readings) }
        guard sum != receipt.amount.minor else { return }
        if named.count > 1 {
            let pool = pool(named, receipt.day)
            for set in SubsetSum.sets(of: pool.map { facts[Int($0)].open }, summingTo: receipt.amount.minor)
            where set.count > 1 && set.count < named.count {
                let chosen = set.map { pool[$0] }
                add(chosen, -6 - min(30, 3 * chosen.count), .namesSome, scene, to: &readings)
            }
        }
        let others = scene.visible.filter { !named.contains($0) }
        guard !others.isEmpty else { return }
        if let range = range(scene) {
            let within = others.filter(range.contains)
            if !within.isEmpty, receipt.amount.minor - sum == total(within) {
                add(named + within, -9, .names, scene, to: &readings)
                return
            }
            if addRest(within, unsaid: { _ in 3 }, scene, to: &readings) { return }
        }
        if receipt.text.mayBeCut {
            // Lists go upwards: what the bank cut off comes after what it left.
            let last = named.map { numbers.series[Int($0)].serial }.max()!
            let later = others.filter { numbers.series[Int($0)].serial > last }
            if addRest(later, unsaid: { _ in 3 }, scene, to: &readings) { return }
        }
        _ = addRest(others, unsaid: { 8 + 5 * $0 }, scene, to: &readings)
    }

    /// What is named, and as many of `others` as the amount asks for. False where none do.
    private func addRest(
        _ others: [Int32], unsaid: (Int) -> Int, _ scene: Scene, to readings: inout [MatchReading]
    ) -> Bool {
        let receipt = scene.receipt
        let start = readings.count
        let pool = pool(others, receipt.day)
        let rest = receipt.amount.minor - total(scene.named)
        let sets = SubsetSum.sets(of: pool.map { facts[Int($0)].open }, summingTo: rest)
        for set in sets {
            let chosen = set.map { pool[$0] }
            let doubt = others.count > pool.count ? 25 : 0
            add(
                scene.named + chosen, choice(chosen, of: pool, receipt.day) - unsaid(chosen.count) - doubt, .namesSome,
                scene,
                to: &readings)
        }
        guard !sets.isEmpty else { return false }
        // What is not named may as well be something that is not known here: chance alone makes many sums.
        var unknown = MatchReading(role: .somethingElse, customer: scene.customer, score: 0)
        unknown.score =
            scene.base - 6 - min(30, 3 * scene.named.count) - unsaid(1) + scene.wording.score(of: scene.named)
            - AmountFit.surprise(of: receipt.amount.minor)
        readings.append(unknown)
        if sets.count == SubsetSum.most { addDoubt(readings[start...], to: &readings) }
        return true
    }

    /// There may be many more sets than were found: as likely, together, as all that were.
    private func addDoubt(_ found: ArraySlice<MatchReading>, to readings: inout [MatchReading]) {
        guard let best = found.max(by: { $0.score < $1.score }) else { return }
        readings.append(MatchReading(role: .somethingElse, customer: best.customer, score: best.score))
    }

    /// The items that "from … to …" spans.
    private func range(_ scene: Scene) -> Set<Int32>? {
        let mentions = scene.receipt.mentions
        for (index, mention) in mentions.enumerated() where mention.endsRange && index > 0 {
            for low in mentions[index - 1].items {
                for high in mention.items {
                    let (from, to) = (numbers.series[Int(low)], numbers.series[Int(high)])
                    guard from.key == to.key, from.serial >= 0, from.serial < to.serial else { continue }
                    let spanned = scene.visible.filter {
                        let own = numbers.series[Int($0)]
                        return own.key == from.key && own.serial >= from.serial && own.serial <= to.serial
                    }
                    if !spanned.isEmpty { return Set(spanned) }
                }
            }
        }
        return nil
    }
}
