import Foundation

/// The folders of one test process. They stand in one folder, which goes when the process ends, however many tests ran.
public enum TestFolder {
    private static let root: URL = {
        let root = FileManager.default.temporaryDirectory
            .appendingPathComponent("duly-tests-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString)")
        atexit { try? FileManager.default.removeItem(at: TestFolder.root) }
        return root
    }()

    /// A new, empty folder.
    public static func fresh(_ name: String = "folder") throws -> URL {
        let folder = path(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// A path where nothing is yet, in a folder that is there.
    public static func path(_ name: String, ending: String = "") -> URL {
        try? FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        return root.appendingPathComponent("\(name)-\(UUID().uuidString)\(ending)")
    }
}
