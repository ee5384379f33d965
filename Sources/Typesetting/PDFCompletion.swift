import Money

/// Adds to a file what cairo 1.16 cannot say: the language, that viewers show the title, the scope of head cells, words in
/// place of figures, how TrueType glyphs are numbered, metadata as XMP and the file identifier (ISO 32000-1, 14.9.2, 12.2,
/// 14.8.5.7, 14.9.3, 9.7.4.2, 14.3.2, 14.4).
struct PDFCompletion {
    let info: DocumentInfo
    /// Of the head cells, in reading order; true: heads its row, false: its column.
    let headsRow: [Bool]
    /// In place of each figure, in reading order.
    let figureTexts: [String]

    private struct Insertion {
        let position: Int
        let bytes: [UInt8]
    }

    /// Nothing is moved but what stands behind an insertion; the cross-reference table is written anew. A file whose table is
    /// not where cairo puts it is returned as it came.
    func applied(to file: [UInt8]) -> [UInt8] {
        guard let table = CrossReference(file), let root = table.root, let rootOffset = table.offset(of: root) else {
            return file
        }
        let metadata = table.offsets.count
        var insertions = structureInsertions(file, table)
        let dictionary = Array("<< /Type /Catalog\n".utf8)
        guard let catalog = bodyStart(of: rootOffset, in: file), starts(file, at: catalog, with: dictionary) else {
            return file
        }
        let entries =
            "   /Lang \(Self.literal(language))\n   /ViewerPreferences << /DisplayDocTitle true >>\n"
            + "   /Metadata \(metadata) 0 R\n"
        insertions.append(Insertion(position: catalog + dictionary.count, bytes: Array(entries.utf8)))
        insertions.sort { $0.position < $1.position }
        return written(file, table, insertions, metadata: metadata)
    }

    private var language: String {
        String(
            info.language.unicodeScalars.filter {
                $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-")
            })
    }

    // MARK: Structure and fonts

    /// cairo numbers structure elements in reading order.
    private func structureInsertions(_ file: [UInt8], _ table: CrossReference) -> [Insertion] {
        let head = Array("<< /Type /StructElem\n   /S /TH\n".utf8)
        let figure = Array("<< /Type /StructElem\n   /S /Figure\n".utf8)
        let font = Array("<< /Type /Font\n   /Subtype /CIDFontType2\n".utf8)
        var heads = headsRow.makeIterator()
        var texts = figureTexts.makeIterator()
        var insertions: [Insertion] = []
        for offset in table.offsets.dropFirst() {
            guard let start = bodyStart(of: offset, in: file) else { continue }
            if starts(file, at: start, with: head) {
                let scope = heads.next() == true ? "Row" : "Column"
                insertions.append(
                    Insertion(
                        position: start + head.count,
                        bytes: Array("   /A << /O /Table /Scope /\(scope) >>\n".utf8)))
            } else if starts(file, at: start, with: figure), let text = texts.next() {
                insertions.append(
                    Insertion(position: start + figure.count, bytes: Array("   /Alt \(Self.literal(text))\n".utf8)))
            } else if starts(file, at: start, with: font) {
                insertions.append(
                    Insertion(position: start + font.count, bytes: Array("   /CIDToGIDMap /Identity\n".utf8)))
            }
        }
        return insertions
    }

    /// Behind `22 0 obj\n`.
    private func bodyStart(of offset: Int, in file: [UInt8]) -> Int? {
        guard offset > 0, offset < file.count else { return nil }
        guard let end = file[offset..<min(offset + 24, file.count)].firstIndex(of: 0x0A) else { return nil }
        return end + 1
    }

    private func starts(_ file: [UInt8], at start: Int, with bytes: [UInt8]) -> Bool {
        start + bytes.count <= file.count && file[start..<(start + bytes.count)].elementsEqual(bytes)
    }

    /// A text string: hexadecimal UTF-16 with its byte order mark, which needs no escaping.
    private static func literal(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x28 && $0 != 0x29 && $0 != 0x5C }) {
            return "(\(text))"
        }
        let digits = Array("0123456789ABCDEF".utf8)
        var hex = Array("<FEFF".utf8)
        for unit in text.utf16 {
            for shift in [12, 8, 4, 0] { hex.append(digits[Int(unit >> UInt16(shift)) & 15]) }
        }
        return String(decoding: hex, as: UTF8.self) + ">"
    }

    // MARK: Writing

    private func written(
        _ file: [UInt8], _ table: CrossReference, _ insertions: [Insertion], metadata: Int
    ) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(file.count + 4_096)
        var from = 0
        for insertion in insertions {
            result += file[from..<insertion.position]
            result += insertion.bytes
            from = insertion.position
        }
        result += file[from..<table.start]
        let metadataOffset = result.count
        let packet = Array(xmp.utf8)
        result += Array(
            "\(metadata) 0 obj\n<< /Type /Metadata /Subtype /XML /Length \(packet.count) >>\nstream\n".utf8)
        result += packet
        result += Array("\nendstream\nendobj\n".utf8)
        let start = result.count
        let identifier = Self.identifier(result)
        result += Array("xref\n0 \(metadata + 1)\n0000000000 65535 f \n".utf8)
        for offset in table.offsets.dropFirst() {
            append(line: moved(offset, by: insertions), isFree: offset == 0, to: &result)
        }
        append(line: metadataOffset, isFree: false, to: &result)
        result += Array(
            """
            trailer
            << /Size \(metadata + 1)
               /Root \(table.root ?? 0) 0 R
               /Info \(table.info ?? 0) 0 R
               /ID [ <\(identifier)> <\(identifier)> ]
            >>
            startxref
            \(start)
            %%EOF

            """.utf8)
        return result
    }

    private func moved(_ offset: Int, by insertions: [Insertion]) -> Int {
        var low = 0
        var sum = 0
        while low < insertions.count, insertions[low].position <= offset {
            sum += insertions[low].bytes.count
            low += 1
        }
        return offset + sum
    }

    private func append(line offset: Int, isFree: Bool, to result: inout [UInt8]) {
        var digits: [UInt8] = Array(repeating: 48, count: 10)
        var rest = offset
        for place in stride(from: 9, through: 0, by: -1) {
            digits[place] = 48 + UInt8(rest % 10)
            rest /= 10
        }
        result += digits
        result += Array(isFree ? " 65535 f \n".utf8 : " 00000 n \n".utf8)
    }

    /// 128 bits over the content, so that the same content has the same identifier.
    private static func identifier(_ bytes: [UInt8]) -> String {
        var first: UInt64 = 0xCBF2_9CE4_8422_2325
        var second: UInt64 = 0x9E37_79B9_7F4A_7C15
        bytes.withUnsafeBytes { buffer in
            var place = 0
            while place + 8 <= buffer.count {
                let word = buffer.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                first = (first ^ word) &* 0x0000_0100_0000_01B3
                first ^= first >> 29
                second = (second &+ word) &* 0xBF58_476D_1CE4_E5B9
                second ^= second >> 31
                place += 8
            }
            for byte in buffer[place...] { first = (first ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        }
        return [first, second].map { half in
            let hex = String(half, radix: 16)
            return String(repeating: "0", count: 16 - hex.count) + hex
        }.joined()
    }

    private var xmp: String {
        func escaped(_ text: String) -> String {
            var result = ""
            for scalar in text.unicodeScalars {
                switch scalar {
                case "&": result += "&amp;"
                case "<": result += "&lt;"
                case ">": result += "&gt;"
                case _ where scalar.value < 0x20: result += " "
                default: result.unicodeScalars.append(scalar)
                }
            }
            return result
        }
        return """
            <?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?>
            <x:xmpmeta xmlns:x="adobe:ns:meta/">
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
            <dc:title><rdf:Alt><rdf:li xml:lang="x-default">\(escaped(info.title))</rdf:li></rdf:Alt></dc:title>
            <dc:creator><rdf:Seq><rdf:li>\(escaped(info.author))</rdf:li></rdf:Seq></dc:creator>
            <dc:language><rdf:Bag><rdf:li>\(language)</rdf:li></rdf:Bag></dc:language>
            <xmp:CreateDate>\(info.createdText)</xmp:CreateDate>
            <xmp:CreatorTool>Duly</xmp:CreatorTool>
            </rdf:Description>
            </rdf:RDF>
            </x:xmpmeta>
            <?xpacket end="r"?>
            """
    }
}

/// The classic cross-reference table at the end of a file, as cairo writes it.
struct CrossReference {
    /// Where `xref` stands.
    let start: Int
    /// By object number; 0 for none.
    let offsets: [Int]
    /// Object number of the catalog.
    let root: Int?
    /// Object number of the information dictionary.
    let info: Int?

    func offset(of object: Int) -> Int? {
        offsets.indices.contains(object) && offsets[object] > 0 ? offsets[object] : nil
    }

    init?(_ file: [UInt8]) {
        guard let start = Self.start(in: file), start + 5 < file.count else { return nil }
        var place = start
        func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
        func number() -> Int? {
            while place < file.count, !isDigit(file[place]) { place += 1 }
            var value = 0
            let first = place
            while place < file.count, isDigit(file[place]), place - first < 12 {
                value = value * 10 + Int(file[place] - 48)
                place += 1
            }
            return place > first ? value : nil
        }
        guard file[start..<(start + 5)].elementsEqual("xref\n".utf8), number() == 0, let count = number(),
            file.count - place > 20 * count
        else { return nil }
        var offsets: [Int] = []
        offsets.reserveCapacity(count)
        for _ in 0..<count {
            guard let offset = number(), number() != nil, offset < start else { return nil }
            offsets.append(offset)
        }
        let trailer = String(decoding: file[place...], as: UTF8.self)
        func reference(_ name: String) -> Int? {
            guard let range = trailer.firstRange(of: name) else { return nil }
            return Int(trailer[range.upperBound...].drop { $0 == " " }.prefix { $0.isNumber })
        }
        self.start = start
        self.offsets = offsets
        root = reference("/Root")
        info = reference("/Info")
        guard root != nil, info != nil else { return nil }
    }

    /// What `startxref` says.
    private static func start(in file: [UInt8]) -> Int? {
        let tail = String(decoding: file.suffix(64), as: UTF8.self)
        guard let word = tail.firstRange(of: "startxref\n") else { return nil }
        return Int(tail[word.upperBound...].prefix { $0.isNumber })
    }
}
