/// Adds to the catalog what cairo 1.16 cannot say: the language of the document, and that viewers show its title
/// (ISO 32000-1, 14.9.2 and 12.2; both asked for by ISO 14289-1).
enum PDFCatalog {
    /// cairo writes the catalog last before the cross-reference table, so only `startxref` moves. A file of another shape is
    /// returned as it came.
    static func adding(language: String, to file: [UInt8]) -> [UInt8] {
        let tail = Array(">>\nendobj\n".utf8)
        guard let start = crossReference(of: file), start.offset > tail.count,
            file[(start.offset - tail.count)..<start.offset].elementsEqual(tail)
        else { return file }
        let safe = language.utf8.filter { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
        }
        let added =
            Array("   /Lang (".utf8) + safe + Array(")\n   /ViewerPreferences << /DisplayDocTitle true >>\n".utf8)
        var result: [UInt8] = []
        result.reserveCapacity(file.count + added.count + 8)
        result += file[..<(start.offset - tail.count)]
        result += added
        result += file[(start.offset - tail.count)..<start.digits.lowerBound]
        result += Array(String(start.offset + added.count).utf8)
        result += file[start.digits.upperBound...]
        return result
    }

    /// What `startxref` says, and where it says it.
    private static func crossReference(of file: [UInt8]) -> (offset: Int, digits: Range<Int>)? {
        var end = file.count - 1
        while end > 0, !(0x30...0x39).contains(file[end]) { end -= 1 }
        var start = end
        while start > 0, (0x30...0x39).contains(file[start - 1]) { start -= 1 }
        let word = Array("startxref\n".utf8)
        guard start >= word.count, file[(start - word.count)..<start].elementsEqual(word),
            let offset = Int(String(decoding: file[start...end], as: UTF8.self)), offset < start
        else { return nil }
        return (offset, start..<(end + 1))
    }
}
