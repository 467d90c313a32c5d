import Testing
import Web

struct MultipartTests {
  private static let type = "multipart/form-data; boundary=edge"
  private static let body =
    "--edge\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\ntoken\r\n"
    + "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a \u{e9};b.1of2\"\r\n"
    + "Content-Type: application/octet-stream\r\n\r\nline\r\n--edg\r\n\r\r\n--edgier\r\n"
    + "--edge\r\nContent-Disposition: form-data; name=\"empty\"; filename=\"\"\r\n\r\n\r\n--edge--\r\nafter"

  /// What came, with a part's pieces put together.
  private static func read(
    _ text: String, type: String = type, pieceMax: Int = .max
  ) throws -> (parts: [MultipartParsing.Event], isAtEnd: Bool) {
    var parsing = try #require(MultipartParsing(contentType: type))
    var found: [MultipartParsing.Event] = []
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let end = start + min(pieceMax, bytes.count - start)
      for event in try parsing.take(bytes[start..<end]) {
        if case .data(let more) = event, case .data(let before) = found.last {
          found[found.count - 1] = .data(before + more)
        } else {
          found.append(event)
        }
      }
      start = end
    }
    return (found, parsing.isAtEnd)
  }

  @Test(arguments: 1...40) func readsWhateverThePieces(pieceMax: Int) throws {
    let read = try Self.read(Self.body, pieceMax: pieceMax)
    #expect(
      read.parts == [
        .part(name: "csrf", file: nil), .data(Array("token".utf8)), .part(name: "file", file: "a \u{e9};b.1of2"),
        .data(Array("line\r\n--edg\r\n\r\r\n--edgier".utf8)), .part(name: "empty", file: ""),
      ])
    #expect(read.isAtEnd)
  }

  @Test func whatIsCutIsNotAtItsEnd() throws {
    let whole = Self.body.utf8.count - "\r\nafter".utf8.count
    for count in 0..<whole {
      let read = try Self.read(String(decoding: Array(Self.body.utf8.prefix(count)), as: UTF8.self))
      #expect(!read.isAtEnd, "\(count)")
    }
  }

  @Test(arguments: [
    "--edge\r\nContent-Type: text/plain\r\n\r\nx\r\n--edge--", "--edge\r\nContent-Disposition: form-data\r\n\r\n",
    "--edgex\r\n", "--edge\r\n" + String(repeating: "a", count: 9000),
  ])
  func refusesWhatIsNone(text: String) {
    #expect(throws: MultipartParsing.Malformed.self) { try Self.read(text) }
  }

  @Test(arguments: [
    ("multipart/form-data; boundary=\"a b\"", true), ("Multipart/Form-Data;boundary=x", true),
    ("multipart/form-data", false), ("multipart/mixed; boundary=x", false), ("multipart/form-data; boundary=", false),
    ("application/json", false), ("multipart/form-data; boundary=" + String(repeating: "x", count: 71), false),
  ])
  func knowsItsType(type: String, isOne: Bool) {
    #expect((MultipartParsing(contentType: type) != nil) == isOne)
  }
}
