import CHost
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// Takes the body of a request: into memory while it is small, beyond that into a file of its own, never more than is allowed.
enum Spool {
    /// What stays in memory.
    static let small = 1 << 20

    static func body(of request: Request, most: Int) async throws(WebProblem) -> WebBody {
        if let said = request.headers[.contentLength].flatMap({ Int($0) }), said > most { throw .tooLarge(most) }
        do {
            return try await take(request.body, most)
        } catch let problem as WebProblem {
            throw problem
        } catch {
            throw .unreadableForm("It did not arrive whole.")
        }
    }

    private static func take(_ body: RequestBody, _ most: Int) async throws -> WebBody {
        var bytes: [UInt8] = []
        var file: (path: String, handle: Int32)?
        var count = 0
        defer { if let file { chost_close(file.handle) } }
        do {
            for try await piece in body {
                count += piece.readableBytes
                guard count <= most else { throw WebProblem.tooLarge(most) }
                bytes.append(contentsOf: piece.readableBytesView)
                guard bytes.count > small else { continue }
                if file == nil { file = try open() }
                guard let handle = file?.handle,
                    bytes.withUnsafeBytes({ chost_write(handle, $0.baseAddress, Int64($0.count)) })
                else {
                    throw WebProblem.unreadableForm("There is no room for it.")
                }
                bytes.removeAll(keepingCapacity: true)
            }
            guard let file else { return WebBody(bytes) }
            guard bytes.withUnsafeBytes({ chost_write(file.handle, $0.baseAddress, Int64($0.count)) }) else {
                throw WebProblem.unreadableForm("There is no room for it.")
            }
            return WebBody(file: file.path, count: count)
        } catch {
            if let file { try? FileManager.default.removeItem(atPath: file.path) }
            throw error
        }
    }

    /// A file that nobody else may read.
    private static func open() throws -> (path: String, handle: Int32) {
        var path = Array((FileManager.default.temporaryDirectory.path + "/duly-upload-XXXXXX\0").utf8CString)
        let handle = path.withUnsafeMutableBufferPointer { chost_temporary($0.baseAddress) }
        guard handle >= 0 else { throw WebProblem.unreadableForm("There is no room for it.") }
        return (String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self), handle)
    }
}
