/// Whose forms of the Han letters are set where a text alone does not say: the same code point looks different in Beijing,
/// Taipei, Tokyo and Seoul.
public enum HanForms: String, Hashable, Sendable {
    case simplified = "SC"
    case traditional = "TC"
    case japanese = "JP"
    case korean = "KR"

    /// Kana says Japanese, Hangul Korean; nil where neither is there. Nearly all texts are decided by their bytes alone.
    public init?(of text: String) {
        guard text.utf8.contains(where: { $0 >= 0xE1 }) else { return nil }
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x3040...0x30FF, 0xFF66...0xFF9D:
                self = .japanese
                return
            case 0xAC00...0xD7AF, 0x1100...0x11FF, 0x3130...0x318F:
                self = .korean
                return
            default: break
            }
        }
        return nil
    }

    /// Font families in the order in which a glyph is looked for.
    var families: String {
        let all: [HanForms] = [.simplified, .traditional, .japanese, .korean]
        let han = [self] + all.filter { $0 != self }
        return "Inter,Noto Sans," + han.map { "Noto Sans CJK \($0.rawValue)," }.joined()
            + "Noto Sans Arabic,Noto Sans Hebrew,Noto Sans Devanagari,Noto Sans Thai"
    }
}
