/// Header values as RFC 5322 lines: folded before column 77, everything beyond ASCII as encoded words (RFC 2047).
/// Values are checked before they come here: none holds a control character.
enum HeaderText {
    /// RFC 2047 section 2: a line with an encoded word has at most 76 characters.
    static let lineLength = 76
    /// Leaves room for the longest header name that carries encoded words, so that the first one stands on the first line.
    private static let wordLength = 58

    /// `Name: token token`, a line end after every line; a line may be broken before each token.
    static func folded(_ name: String, _ tokens: [String]) -> String {
        var output = ""
        var line = name + ":"
        var used = false
        for token in tokens {
            if used, line.utf8.count + 1 + token.utf8.count > lineLength {
                output += line + "\r\n"
                line = ""
            }
            line += " " + token
            used = true
        }
        return output + line + "\r\n"
    }

    // MARK: Free text

    /// A Subject. Words stay as they are where they can; the stretch from the first to the last that cannot is encoded.
    static func unstructured(_ name: String, _ value: String) -> String {
        let words = value.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        // Two spaces in a row, or one at an end, survive only inside encoded words.
        if words.contains("") { return folded(name, value.isEmpty ? [] : encodedWords(value)) }
        guard let first = words.firstIndex(where: mustBeEncoded), let last = words.lastIndex(where: mustBeEncoded)
        else {
            return folded(name, words)
        }
        let stretch = words[first...last].joined(separator: " ")
        return folded(name, Array(words[..<first]) + encodedWords(stretch) + Array(words[(last + 1)...]))
    }

    private static func mustBeEncoded(_ word: String) -> Bool {
        word.utf8.contains { !(0x21...0x7E).contains($0) } || word.contains("=?") || word.utf8.count > wordLength
    }

    // MARK: Names and addresses

    static func addresses(_ name: String, _ addressees: [Addressee]) -> String {
        var tokens: [String] = []
        for (index, addressee) in addressees.enumerated() {
            switch addressee {
            case .mailbox(let mailbox): tokens += self.tokens(of: mailbox)
            case .group(let title, let members):
                var words = phrase(title)
                // RFC 2047 section 5 (3): an encoded word keeps its distance from the colon.
                if words.last?.hasPrefix("=?") == true { words.append(":") } else { words[words.count - 1] += ":" }
                tokens += words
                for (position, member) in members.enumerated() {
                    tokens += self.tokens(of: member)
                    if position < members.count - 1 { tokens[tokens.count - 1] += "," }
                }
                if members.isEmpty { tokens.append(";") } else { tokens[tokens.count - 1] += ";" }
            }
            if index < addressees.count - 1 { tokens[tokens.count - 1] += "," }
        }
        return folded(name, tokens)
    }

    private static func tokens(of mailbox: Mailbox) -> [String] {
        guard let name = mailbox.name, !name.isEmpty else { return [mailbox.address.description] }
        return phrase(name) + ["<\(mailbox.address)>"]
    }

    /// A display name: bare words, a quoted string, or encoded words.
    private static func phrase(_ name: String) -> [String] {
        let words = name.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        if words.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isAtom) && !mustBeEncoded($0) }) { return words }
        // A quoted string that did not fit on a line would have to be folded inside; encoded words fold by themselves.
        let isPlain = name.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !name.contains("=?")
        guard isPlain, name.utf8.count <= wordLength else { return encodedWords(name) }
        return ["\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""]
    }

    // MARK: Encoded words

    /// The text as encoded words to be put side by side: a reader joins them and drops the space between.
    /// Each holds whole characters; B or Q, whichever is shorter for the whole.
    static func encodedWords(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        let costly = bytes.count { !isPlainInQ($0) }
        let base64 = (bytes.count + 2) / 3 * 4 < bytes.count + 2 * costly
        let room = wordLength - "=?UTF-8?B??=".utf8.count
        func length(_ piece: [UInt8]) -> Int {
            base64 ? (piece.count + 2) / 3 * 4 : piece.count + 2 * piece.count { !isPlainInQ($0) }
        }
        var words: [String] = []
        var piece: [UInt8] = []
        func close() {
            guard !piece.isEmpty else { return }
            words.append(base64 ? "=?UTF-8?B?\(base64Text(piece))?=" : "=?UTF-8?Q?\(qText(piece))?=")
            piece = []
        }
        for character in text {
            let whole = Array(String(character).utf8)
            if length(piece + whole) <= room {
                piece += whole
                continue
            }
            close()
            guard length(whole) > room else {
                piece = whole
                continue
            }
            // A letter under a tower of marks: it is cut between scalars, which a reader puts together again.
            for scalar in character.unicodeScalars {
                let one = Array(String(Character(scalar)).utf8)
                if length(piece + one) > room { close() }
                piece += one
            }
        }
        close()
        return words
    }

    /// What stands for itself in Q, in a phrase too (RFC 2047 section 5 (3)), and the space, which becomes `_`.
    private static func isPlainInQ(_ byte: UInt8) -> Bool {
        byte.isASCIILetterOrDigit || byte == 0x20 || "!*+-/".utf8.contains(byte)
    }

    private static func qText(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        for byte in bytes {
            if byte == 0x20 {
                output.append(UInt8(ascii: "_"))
            } else if isPlainInQ(byte) {
                output.append(byte)
            } else {
                output += [UInt8(ascii: "="), ContentEncoding.hex(byte >> 4), ContentEncoding.hex(byte & 15)]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func base64Text(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        ContentEncoding.appendBase64(bytes, to: &output, lineLength: 0)
        return String(decoding: output, as: UTF8.self)
    }

    // MARK: Parameters

    /// `filename="invoice.pdf"`, or by RFC 2231 `filename*0*=UTF-8''…; filename*1*=…` where the value is long or not plain.
    static func parameter(_ name: String, _ value: String) -> [String] {
        let plain =
            !value.contains("=?") && value.first != " " && value.last != " "
            && value.utf8.allSatisfy {
                (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
            }
        if plain, name.utf8.count + value.utf8.count <= 60 { return ["\(name)=\"\(value)\""] }
        var pieces: [String] = [""]
        for byte in value.utf8 {
            let coded =
                byte.isASCIILetterOrDigit || "-._".utf8.contains(byte)
                ? String(Character(Unicode.Scalar(byte)))
                : "%"
                    + String(decoding: [ContentEncoding.hex(byte >> 4), ContentEncoding.hex(byte & 15)], as: UTF8.self)
            if pieces[pieces.count - 1].utf8.count + coded.utf8.count > 50 { pieces.append("") }
            pieces[pieces.count - 1] += coded
        }
        if pieces.count == 1 { return ["\(name)*=UTF-8''\(pieces[0])"] }
        return pieces.enumerated().map { index, piece in
            "\(name)*\(index)*=" + (index == 0 ? "UTF-8''" : "") + piece + (index < pieces.count - 1 ? ";" : "")
        }
    }
}
