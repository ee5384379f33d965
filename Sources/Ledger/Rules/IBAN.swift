/// International bank account numbers (ISO 13616), without blanks and in capitals.
public enum IBAN {
    /// Two letters, two digits, then 11 to 30 letters and digits; the check digits are not looked at.
    public static func hasForm(_ text: String) -> Bool {
        let bytes = text.utf8
        return (15...34).contains(bytes.count)
            && bytes.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
            && bytes.prefix(2).allSatisfy { $0 >= 65 } && bytes.dropFirst(2).prefix(2).allSatisfy { $0 < 65 }
    }

    /// Whether the check digits fit, too.
    public static func isValid(_ text: String) -> Bool { hasForm(text) && Mod97.fits(text) }

    /// As people write it: blanks taken out, letters made capitals.
    public static func compact(_ written: String) -> String { written.filter { !$0.isWhitespace }.uppercased() }
}

/// Check digits of ISO 7064 mod 97-10.
enum Mod97 {
    /// Whether those in the third and fourth place fit the rest; the text holds digits and capitals only.
    static func fits(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return remainder(bytes.dropFirst(4) + bytes.prefix(4)) == 1
    }

    /// By 97, with A to Z read as 10 to 35.
    static func remainder(_ bytes: some Sequence<UInt8>) -> Int {
        bytes.reduce(0) { rest, byte in
            byte < 65 ? (rest * 10 + Int(byte) - 48) % 97 : (rest * 100 + Int(byte) - 55) % 97
        }
    }
}
