/// A place in a text that names documents, an order or a customer.
struct Mention: Sendable {
    enum Kind: Sendable { case number, shortNumber, reference, purchaseOrder, order, customer }
    var kind: Kind
    /// How unlikely it is that chance wrote this, in decibans.
    var information: Int
    /// Indexes of the items it may mean; empty for a customer.
    var items: [Int32]
    var customer: Int32 = -1
    var firstRun: Int
    var lastRun: Int
    /// "from … to …": this mention ends a range that the one before it begins.
    var endsRange = false
}

/// Everything by which a document can be named, ready to be looked up.
struct NumberIndex: Sendable {
    private var compact: KeyIndex
    private var joined: KeyIndex
    private var serials: KeyIndex
    private var seriesSerials: KeyIndex
    private var customers: KeyIndex
    private var customerSerials: KeyIndex

    struct Series: Sendable {
        var key: UInt64 = 0
        var serial: Int64 = -1
        var width = 0
    }
    private(set) var series: [Series] = []

    private enum Code {
        static let number: Int32 = 0
        static let digits: Int32 = 1
        static let reference: Int32 = 2
        static let purchaseOrder: Int32 = 3
        static let order: Int32 = 4
    }

    init(items: [MatchItem], payers: [MatchPayer]) {
        compact = KeyIndex(expecting: items.count * 3)
        joined = KeyIndex(expecting: items.count * 3)
        serials = KeyIndex(expecting: items.count)
        seriesSerials = KeyIndex(expecting: items.count)
        customers = KeyIndex(expecting: payers.count)
        customerSerials = KeyIndex(expecting: payers.count)
        series.reserveCapacity(items.count)
        for (index, item) in items.enumerated() { add(item, as: Int32(index)) }
        for (index, payer) in payers.enumerated() {
            guard let number = payer.customerNumber else { continue }
            let text = RemittanceText(number: number)
            guard text.runs.contains(where: \.isDigits) else { continue }
            customers.insert(Self.compactKey(text, text.runs.indices), Int32(index))
            if let last = text.runs.last(where: \.isDigits), last.value >= 0 {
                customerSerials.insert(KeyHash.of(last.value), Int32(index))
            }
        }
    }

    private mutating func add(_ item: MatchItem, as index: Int32) {
        let text = RemittanceText(number: item.number)
        let runs = text.runs
        if let last = runs.lastIndex(where: \.isDigits) {
            compact.insert(Self.compactKey(text, runs.indices), index << 3 | Code.number)
            insertJoined(text, runs.indices, index)
            if let first = runs.firstIndex(where: \.isDigits), first > 0 {
                if runs[first...].reduce(0, { $0 + $1.length }) >= 5 {
                    compact.insert(Self.compactKey(text, first..<runs.count), index << 3 | Code.digits)
                }
                if runs.count - first > 1 { insertJoined(text, first..<runs.count, index) }
            }
            let own = Series(
                key: Self.joinedKey(text, 0..<last, exact: true), serial: runs[last].value, width: runs[last].length)
            series.append(own)
            if own.serial >= 0 {
                serials.insert(KeyHash.of(own.serial), index)
                seriesSerials.insert(own.key ^ KeyHash.of(own.serial), index)
            }
        } else {
            series.append(Series())
        }
        if let reference = item.creditorReference { insert(reference, index, Code.reference) }
        if let number = item.poNumber { insert(number, index, Code.purchaseOrder) }
        if let number = item.orderID { insert(number, index, Code.order) }
    }

    private mutating func insert(_ written: String, _ index: Int32, _ code: Int32) {
        let text = RemittanceText(number: written)
        guard text.runs.reduce(0, { $0 + ($1.isDigits ? $1.length : 0) }) >= 4 else { return }
        compact.insert(Self.compactKey(text, text.runs.indices), index << 3 | code)
    }

    private mutating func insertJoined(_ text: RemittanceText, _ range: Range<Int>, _ index: Int32) {
        let exact = Self.joinedKey(text, range, exact: true)
        let stripped = Self.joinedKey(text, range, exact: false)
        joined.insert(exact, index)
        if stripped != exact { joined.insert(stripped, index) }
    }

    /// One key for `RE-2O25-OOO1` and `re 2025 0001`: without separators, O read as 0, I and L as 1; zeros that pad a creditor
    /// reference are dropped (ISO 11649: they do not change its check digits).
    private static func compactKey(_ text: RemittanceText, _ range: Range<Int>) -> UInt64 {
        var key = CompactKey()
        for run in range { key.add(text.bytes[text.runs[run].start..<text.runs[run].end]) }
        return key.value
    }

    private static func joinedKey(_ text: RemittanceText, _ range: Range<Int>, exact: Bool) -> UInt64 {
        var key = KeyHash()
        for run in range { add(text.runs[run], of: text, to: &key, exact: exact) }
        return key.value
    }

    private static func add(_ run: RemittanceText.Run, of text: RemittanceText, to key: inout KeyHash, exact: Bool) {
        var start = run.start
        if run.isDigits, !exact { while start < run.end - 1, text.bytes[start] == 0x30 { start += 1 } }
        key.add(text.bytes[start..<run.end])
        key.add(0x1F)
    }

    /// Items whose number is one wrong or two swapped digits away, in the same series.
    func slips(of item: Int32) -> [Int32] {
        let own = series[Int(item)]
        guard own.serial >= 0, own.width < 18 else { return [] }
        var found: [Int32] = []
        func look(_ serial: Int64) { found += seriesSerials.values(own.key ^ KeyHash.of(serial), limit: 4) }
        var unit: Int64 = 1
        for place in 0..<own.width {
            let digit = own.serial / unit % 10
            for other in 0..<Int64(10) where other != digit { look(own.serial + (other - digit) * unit) }
            let next = own.serial / (unit * 10) % 10
            if place + 1 < own.width, next != digit {
                look(own.serial + (next - digit) * unit + (digit - next) * unit * 10)
            }
            unit *= 10
        }
        return found
    }

    // MARK: Looking up

    /// What the text names, in its order, without overlaps.
    func mentions(in text: RemittanceText) -> [Mention] {
        var found: [Mention] = []
        var index = 0
        while index < text.runs.count {
            guard let best = longest(in: text, from: index) else {
                index += 1
                continue
            }
            found.append(best)
            index = best.lastRun + 1
        }
        addShortNumbers(of: text, to: &found)
        return found
    }

    private func longest(in text: RemittanceText, from start: Int) -> Mention? {
        var compactKey = CompactKey()
        var joinedKey = KeyHash()
        var digits = 0
        var letters = 0
        var masked = false
        var best: Mention?
        for end in start..<min(text.runs.count, start + 14) {
            let run = text.runs[end]
            // A longer number that begins like the one found has at most a few more runs.
            if let best, end > best.lastRun + 3 { break }
            if end > start, run.gap == 0x0A, text.runs[start].masked != run.masked { break }
            if run.isDigits { digits += run.length } else { letters += run.length }
            if digits + letters > 36 || (digits == 0 && (end - start > 2 || letters > 16)) { break }
            masked = masked || run.masked
            compactKey.add(text.bytes[run.start..<run.end])
            Self.add(run, of: text, to: &joinedKey, exact: true)
            guard digits > 0 else { continue }
            if let mention = lookUp(
                compactKey.value, joinedKey.value, text, start...end, digits: digits, letters: letters, masked: masked),
                mention.information >= best?.information ?? 0
            {
                best = mention
            }
        }
        return best
    }

    private func lookUp(
        _ compactKey: UInt64, _ joinedKey: UInt64, _ text: RemittanceText, _ span: ClosedRange<Int>, digits: Int,
        letters: Int,
        masked: Bool
    ) -> Mention? {
        var mention: Mention?
        var cursor = joined.first(joinedKey)
        let startsWithDigits = text.runs[span.lowerBound].isDigits
        if cursor >= 0, !(masked && startsWithDigits) {
            let last = text.runs[span].last(where: \.isDigits)!
            // The year and the series can be guessed; the serial cannot.
            let information = min(70, 10 * last.length + min(15, 5 * letters) + min(20, (digits - last.length) * 2))
            if !(startsWithDigits && span.count == 1 && last.length < 4) {
                mention = Mention(
                    kind: .number, information: information, items: joined.values(joinedKey, limit: 8),
                    firstRun: span.lowerBound,
                    lastRun: span.upperBound)
            }
        }
        cursor = compact.first(compactKey)
        if cursor >= 0 {
            var items: [Int32] = []
            var code = Code.order
            while cursor >= 0, items.count < 32 {
                let value = compact.value(cursor)
                if !(masked && startsWithDigits && value & 7 == Code.digits) {
                    items.append(value >> 3)
                    code = min(code, value & 7)
                }
                cursor = compact.next(cursor)
            }
            let kind: Mention.Kind =
                switch code {
                case Code.number, Code.digits: .number
                case Code.reference: .reference
                case Code.purchaseOrder: .purchaseOrder
                default: .order
                }
            let information = min(70, 10 * digits + min(15, 5 * letters))
            let short = startsWithDigits && span.count == 1 && digits < 4
            if !items.isEmpty, !short, information > mention?.information ?? 0 {
                mention = Mention(
                    kind: kind, information: information, items: Array(Set(items)).sorted(), firstRun: span.lowerBound,
                    lastRun: span.upperBound)
            }
        }
        if mention == nil, letters > 0 || digits >= 5 {
            cursor = customers.first(compactKey)
            if cursor >= 0 {
                mention = Mention(
                    kind: .customer, information: min(60, 10 * digits), items: [], customer: customers.value(cursor),
                    firstRun: span.lowerBound, lastRun: span.upperBound)
            }
        }
        return mention
    }

    // MARK: Short numbers

    private enum Topic { case none, invoice, customer, other }

    /// `Rg 123`, and the tails of lists: `RE-2025-000010, 11 und 12`, `000010/000012`.
    private func addShortNumbers(of text: RemittanceText, to found: inout [Mention]) {
        var covered = [Int](repeating: -1, count: text.runs.count)
        for (index, mention) in found.enumerated() {
            for run in mention.firstRun...mention.lastRun { covered[run] = index }
        }
        var topic = Topic.none
        var listed: UInt64?
        var rangeWord = false
        var short: [Mention] = []
        for (index, run) in text.runs.enumerated() {
            if covered[index] >= 0 {
                let mention = found[covered[index]]
                if index == mention.lastRun {
                    if rangeWord, listed != nil, mention.kind == .number { found[covered[index]].endsRange = true }
                    listed = mention.kind == .number ? mention.items.first.map { series[Int($0)].key } : nil
                    topic = mention.kind == .number ? .invoice : .other
                    rangeWord = false
                } else if index == mention.firstRun, run.gap == 0x2D, listed != nil, text.bytes[run.start - 1] == 0x20 {
                    rangeWord = true
                }
                continue
            }
            if !run.isDigits {
                let word = RemittanceText.word(text.bytes[run.start..<run.end])
                if Self.rangeWords.contains(word) {
                    rangeWord = true
                } else if Self.invoiceWords.contains(word) {
                    topic = .invoice
                } else if Self.customerWords.contains(word) {
                    topic = .customer
                    listed = nil
                } else if !Self.neutralWords.contains(word) {
                    topic = .other
                    listed = nil
                    rangeWord = false
                }
                continue
            }
            guard !run.masked, run.value >= 0 else {
                listed = nil
                continue
            }
            if var mention = shortMention(run, at: index, topic: topic, listed: listed) {
                mention.endsRange = rangeWord && mention.kind == .shortNumber
                rangeWord = false
                short.append(mention)
            }
        }
        guard !short.isEmpty else { return }
        found += short
        found.sort { $0.firstRun < $1.firstRun }
    }

    private func shortMention(_ run: RemittanceText.Run, at index: Int, topic: Topic, listed: UInt64?) -> Mention? {
        func mention(_ kind: Mention.Kind, _ information: Int, _ items: [Int32]) -> Mention {
            Mention(kind: kind, information: information, items: items, firstRun: index, lastRun: index)
        }
        func fitting(_ items: [Int32]) -> [Int32] {
            run.hasLeadingZero ? items.filter { series[Int($0)].width == run.length } : items
        }
        if topic == .customer {
            let cursor = customerSerials.first(KeyHash.of(run.value))
            guard cursor >= 0 else { return nil }
            var result = mention(.customer, min(50, 10 * run.length), [])
            result.customer = customerSerials.value(cursor)
            return result
        }
        if let listed {
            let items = fitting(seriesSerials.values(listed ^ KeyHash.of(run.value), limit: 8))
            if !items.isEmpty { return mention(.shortNumber, min(60, 10 * run.length + 10), items) }
        }
        let bare = topic != .invoice
        if bare, run.length < 4 || (run.length == 4 && (1990...2099).contains(run.value)) { return nil }
        let items = fitting(serials.values(KeyHash.of(run.value), limit: 16))
        guard !items.isEmpty, items.count < 16 else { return nil }
        return mention(.shortNumber, min(60, 10 * run.length - (bare ? 10 : 0)), items)
    }

    private static let rangeWords = Set(RemittanceText.words("BIS TO THRU THROUGH UNTIL AU TOT AL HASTA DO TILL"))
    private static let invoiceWords = Set(
        RemittanceText.words(
            "RE RG RGE RNR RECHNUNG RECHNUNGEN RECHNUNGSNR RECHNUNGSNUMMER RECHNUNGSNUMMERN RGNR RENR RECH INV INVOICE INVOICES "
                + "INVNO FACTURE FACTURES FACT FATTURA FATTURE FATT FACTURA FACTURAS FRA FAKTURA FAKTURY FAKT FV FACTUUR FACTUREN "
                + "BELEG BELEGNR GUTSCHRIFT GUTSCHRIFTEN AVOIR CREDITNOTE CN GS DOC BILL IHRE YOUR"))
    private static let customerWords = Set(
        RemittanceText.words(
            "KD KDNR KUNDE KUNDEN KUNDENNR KUNDENNUMMER CUST CUSTNO CUSTOMER CLIENT CLIENTE KLANT KLANTNR KLIENT DEBITOR DEB ACCOUNT "
                + "KONTO"))
    private static let neutralWords = Set(
        RemittanceText.words(
            "NR NO NUM NUMMER NUMMERN NUMBER NUMBERS N U UND AND ET Y E EN I OG SOWIE PLUS VOM FROM DU"))
}

/// The hash of a compact spelling, extended run by run.
struct CompactKey: Sendable {
    private var hash = KeyHash()
    private var count = 0
    private var isReference = false
    private var first: UInt8 = 0
    var value: UInt64 { hash.value }

    mutating func add(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes {
            let plain: UInt8 =
                switch byte {
                case UInt8(ascii: "O"): UInt8(ascii: "0")
                case UInt8(ascii: "I"), UInt8(ascii: "L"): UInt8(ascii: "1")
                default: byte
                }
            if count == 0 { first = byte }
            if count == 1 { isReference = first == UInt8(ascii: "R") && byte == UInt8(ascii: "F") }
            count += 1
            if isReference, count > 4, body == 0, plain == UInt8(ascii: "0") { continue }
            if isReference, count > 4 { body += 1 }
            hash.add(plain)
        }
    }
    private var body = 0
}
