/// A name as it can be compared: `Löwe`, `Loewe` and `LOWE` are one; legal forms, signs and the order of words stand apart.
struct PayerName: Sendable {
    /// All words joined, legal form included.
    let full: [UInt8]
    /// Without the legal form; the whole name where nothing else is left.
    let core: [UInt8]
    /// Words of the core, sorted.
    let words: [[UInt8]]
    /// Legal form words, sorted and joined; empty where none is written.
    let legalForm: [UInt8]
    /// One bit per kind of letter, to skip names that cannot be near.
    let letters: UInt64

    init(_ written: String) {
        var bytes: [UInt8] = []
        var name = written
        if name.utf8.contains(where: { $0 >= 0x80 }) {
            for form in Self.eastAsianForms where name.contains(form) {
                name = name.split(separator: form, omittingEmptySubsequences: false).joined(separator: " KK ")
            }
        }
        Folding.append(name, to: &bytes)
        let words = Self.words(of: bytes)
        let plain = words.filter { !Self.connectors.contains(KeyHash.of($0)) }
        var core = plain.filter { !Self.legalForms.contains(KeyHash.of($0)) }
        if core.isEmpty { core = plain }
        full = Array(plain.joined())
        self.core = Array(core.joined())
        self.words = core.sorted { $0.lexicographicallyPrecedes($1) }
        legalForm = Array(
            plain.filter { Self.legalForms.contains(KeyHash.of($0)) }.sorted { $0.lexicographicallyPrecedes($1) }
                .joined())
        letters = self.core.reduce(0) { $0 | 1 << UInt64($1 & 63) }
    }

    /// Words with AE, OE, UE read as A, O, U; single letters in a row are one word (`S. r. l.`, `B.V.`).
    private static func words(of bytes: [UInt8]) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var word: [UInt8] = []
        var lastWasSingle = false
        func close() {
            guard !word.isEmpty else { return }
            let single = word.count == 1 && Folding.isLetter(word[0])
            if single, lastWasSingle { words[words.count - 1] += word } else { words.append(fold(word)) }
            lastWasSingle = single
            word.removeAll(keepingCapacity: true)
        }
        for byte in bytes {
            if Folding.isLetter(byte) || Folding.isDigit(byte) {
                word.append(byte)
            } else if byte != 0x27 {
                close()
                if byte != 0x2E && byte != 0x20 { lastWasSingle = false }
            }
        }
        close()
        return words
    }

    private static func fold(_ word: [UInt8]) -> [UInt8] {
        var folded: [UInt8] = []
        for byte in word {
            if byte == UInt8(ascii: "E"), let before = folded.last, before == 0x41 || before == 0x4F || before == 0x55 {
                continue
            }
            folded.append(byte)
        }
        return folded
    }

    private static let eastAsianForms = ["株式会社", "有限会社", "合同会社", "(株)", "（株）", "㈱", "有限公司", "주식회사"]
    private static func set(_ list: String) -> Set<UInt64> {
        Set(list.split(separator: " ").map { KeyHash.of(fold(Array($0.utf8))) })
    }
    private static let connectors = set("UND AND ET Y E I EN THE CO COMPANY CIE")
    private static let legalForms = set(
        "GMBH MBH GGMBH AG KG KGAA OHG OG EK EU EG EV UG GBR SE STIFTUNG HAFTUNGSBESCHRANKT SARL SAS SASU SA EURL SCA SCI SNC SRL SRLS "
            + "SPA SAPA SL SLU SLL SC BV NV VOF CV BVBA CVBA SPRL SPZOO ZOO SP SPJ SPK LTD LIMITED PLC LLP LP INC INCORPORATED LLC CORP "
            + "CORPORATION KK GK AB OY OYJ AS ASA APS IVS SRO KFT ZRT NYRT DOO OOD EOOD OU UAB SIA LDA PTY PVT FZE FZCO DMCC PTE BHD SDN PJSC "
            + "OOO ZAO PAO")

    /// Damerau distance (a swap of neighbours counts one) where it is at most `limit`, else nil.
    static func distance(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>, limit: Int) -> Int? {
        guard abs(left.count - right.count) <= limit else { return nil }
        var a = left
        var b = right
        while let x = a.first, let y = b.first, x == y {
            a = a.dropFirst()
            b = b.dropFirst()
        }
        while let x = a.last, let y = b.last, x == y {
            a = a.dropLast()
            b = b.dropLast()
        }
        if a.isEmpty || b.isEmpty { return a.count + b.count <= limit ? a.count + b.count : nil }
        if max(a.count, b.count) > limit * 2 + 24 { return nil }
        let (p, q) = (Array(a), Array(b))
        var before = [Int](repeating: 0, count: q.count + 1)
        var last = Array(0...q.count)
        var now = last
        for i in 1...p.count {
            now[0] = i
            var best = i
            for j in 1...q.count {
                var cost = min(last[j] + 1, now[j - 1] + 1, last[j - 1] + (p[i - 1] == q[j - 1] ? 0 : 1))
                if i > 1, j > 1, p[i - 1] == q[j - 2], p[i - 2] == q[j - 1] { cost = min(cost, before[j - 2] + 1) }
                now[j] = cost
                best = min(best, cost)
            }
            if best > limit { return nil }
            (before, last, now) = (last, now, before)
        }
        return last[q.count] <= limit ? last[q.count] : nil
    }
}
