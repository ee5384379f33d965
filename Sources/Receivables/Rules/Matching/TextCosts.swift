/// What a text costs a reading that does not explain all it names.
struct TextCosts: Sendable {
    private let mentions: [Mention]
    private let costs: [Int]
    /// The text where the reading explains no document in it.
    let nothingExplained: Int
    let namesCustomer: Bool

    /// One writer in a hundred quotes a wrong number: any of his `own` documents; one in a thousand any of `all`.
    init(_ receipt: ReceiptFacts, customer: Int32, facts: [Matcher.Fact], own: Int, all: Int) {
        mentions = receipt.mentions
        var costs: [Int] = []
        var namesCustomer = false
        for mention in receipt.mentions {
            if mention.kind == .customer {
                namesCustomer = namesCustomer || mention.customer == customer
                costs.append(mention.customer == customer ? 0 : -min(mention.information, 50))
            } else if mention.items.contains(where: { facts[Int($0)].customer == customer }) {
                costs.append(-min(mention.information, 20 + Decibans.of(own)))
            } else {
                costs.append(-min(mention.information, 30 + Decibans.of(all)))
            }
        }
        self.costs = costs
        self.namesCustomer = namesCustomer
        nothingExplained = costs.reduce(0, +)
    }

    func score(of set: [Int32]) -> Int {
        var score = nothingExplained
        for (index, mention) in mentions.enumerated() where mention.items.contains(where: set.contains) {
            score -= costs[index]
        }
        return score
    }

    /// What it is worth that a number in the text is one slip away from the item's. One writer in fifty slips, in one of a hundred
    /// ways (37 decibans); a number of our series that nobody has would need 60.
    func gain(nearMention mention: Int) -> Int {
        mention < 0 ? 23 : max(0, -37 - costs[mention])
    }
}

/// Spellings in a text that may be slips of a number.
struct NearNumbers: Sendable {
    private struct Window: Sendable {
        var start: Int
        var end: Int
        var mention: Int
    }
    /// All runs without what stands between them.
    private var bytes: [UInt8] = []
    private var windows: [Window] = []
    var isEmpty: Bool { windows.isEmpty }

    init(_ text: RemittanceText, _ mentions: [Mention]) {
        guard text.runs.contains(where: { $0.isDigits && !$0.masked }) else { return }
        var owner = [Int](repeating: -1, count: text.runs.count)
        for (index, mention) in mentions.enumerated() {
            // What is explained as an order, a reference or a customer is no slip.
            for run in mention.firstRun...mention.lastRun { owner[run] = mention.kind == .number ? index : -2 }
        }
        var starts: [Int] = []
        for run in text.runs {
            starts.append(bytes.count)
            for place in run.start..<run.end { bytes.append(Self.plain(text.bytes[place])) }
        }
        starts.append(bytes.count)
        for first in text.runs.indices where !text.runs[first].masked && windows.count < 96 && owner[first] != -2 {
            var digits = 0
            var mention = -1
            for last in first..<min(text.runs.count, first + 7) {
                let run = text.runs[last]
                if run.masked || owner[last] == -2 || (last > first && run.gap == 0x0A) { break }
                if run.isDigits { digits += run.length }
                mention = max(mention, owner[last])
                let length = starts[last + 1] - starts[first]
                if length > 26 { break }
                if digits >= 4, length >= 5 {
                    windows.append(Window(start: starts[first], end: starts[last + 1], mention: mention))
                }
            }
        }
    }

    /// One character wrong, missing or too many, or two neighbours swapped.
    private func isOneSlip(_ window: Window, _ number: [UInt8]) -> Bool {
        let length = window.end - window.start
        let shorter = min(length, number.count)
        var head = 0
        while head < shorter, bytes[window.start + head] == number[head] { head += 1 }
        var tail = 0
        while tail < shorter - head, bytes[window.end - 1 - tail] == number[number.count - 1 - tail] { tail += 1 }
        let (here, there) = (length - head - tail, number.count - head - tail)
        if here <= 1, there <= 1 { return true }
        return here == 2 && there == 2 && bytes[window.start + head] == number[head + 1]
            && bytes[window.start + head + 1] == number[head]
    }

    static func plain(_ number: String) -> [UInt8] {
        let text = RemittanceText(number: number)
        return text.runs.flatMap { text.bytes[$0.start..<$0.end].map(plain) }
    }

    static func plain(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "O"): UInt8(ascii: "0")
        case UInt8(ascii: "I"), UInt8(ascii: "L"): UInt8(ascii: "1")
        default: byte
        }
    }

    /// The mention (or -1 for free text) that is one slip away from the item's number; nil where there is none.
    func nearest(to item: Int32, in matcher: Matcher) -> Int? {
        guard !windows.isEmpty else { return nil }
        let number = matcher.plainNumbers[Int(item)]
        guard number.count >= 5 else { return nil }
        var found: Int?
        for window in windows where abs(window.end - window.start - number.count) <= 1 {
            if isOneSlip(window, number) {
                found = max(found ?? -1, window.mention)
            }
        }
        return found
    }
}
