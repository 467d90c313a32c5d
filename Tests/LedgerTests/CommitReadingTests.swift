import Ledger
import Testing

/// The envelope of format 1, as a table: a line of good JSON that is no commit, and the key that is to blame.
struct CommitReadingTests {
  static let signature = String(repeating: "A", count: 86)
  static let good = #"""
    {"v":1,"station":"a-1","sequence":1,"previous":"\#(String(repeating: "0", count: 64))",\#
    "time":"2022-08-21T01:00:00.000Z/0000","author":"a","command":"c",\#
    "source":{"sender":"s","control":"1","text":"t","instant":"2022-08-21T01:00:00.000Z"},"witnessed":{},\#
    "facts":[{"kind":"k","subject":"s","at":"2022-08-21T01:00:00.000Z","data":{}}]}
    """#

  static func line(_ body: String) -> [UInt8] { Array("\(signature) \(body)".utf8) }

  @Test func theGoodOne() throws {
    #expect(try Commit(reading: Self.line(Self.good)).facts.count == 1)
  }

  @Test(arguments: [
    ("v", #""v":1"#, #""v":0"#), ("v", #""v":1"#, #""v":"1""#), ("v", #""v":1,"#, ""),
    ("station", "a-1", "A-1"), ("station", "a-1", ""), ("station", "a-1", "a23456789012345678901234567890123"),
    ("sequence", #""sequence":1"#, #""sequence":0"#), ("sequence", #""sequence":1"#, #""sequence":-1"#),
    ("previous", #""previous":"0"#, #""previous":""#), ("previous", #""previous":"0"#, #""previous":"A"#),
    ("time", "/0000", "/00000"), ("time", "/0000", ""), ("time", "/0000", "/000A"),
    ("author", #""author":"a""#, #""author":null"#), ("command", #""command":"c","#, ""),
    ("source", #""sender":"s","#, ""), ("source", #""control":"1""#, #""control":1"#),
    ("source", #""instant":"2022"#, #""instant":"22"#),
    ("witnessed", #""witnessed":{}"#, #""witnessed":[]"#),
    ("witnessed", #""witnessed":{}"#, #""witnessed":{"b-1":[1]}"#),
    ("witnessed", #""witnessed":{}"#, #""witnessed":{"b-1":[0,"\#(String(repeating: "0", count: 64))"]}"#),
    ("facts", #"{"kind":"k","subject":"s","at":"2022-08-21T01:00:00.000Z","data":{}}"#, ""),
    ("facts", #""kind":"k","#, ""), ("facts", #""data":{}"#, #""data":[]"#), ("facts", #","data":{}"#, ""),
    ("facts", #""at":"2022-08-21T01:00:00.000Z""#, #""at":"2022-08-21""#),
  ])
  func malformed(key: String, good: String, bad: String) {
    let body = Self.good.replacing(good, with: bad)
    #expect(body != Self.good)
    #expect(throws: LineFailure.malformed(key: key)) { try Commit(reading: Self.line(body)) }
  }

  @Test func theOuterShape() {
    func failure(_ line: [UInt8]) -> LineFailure? {
      do throws(LineFailure) {
        _ = try Commit(reading: line)
        return nil
      } catch { return error }
    }
    #expect(failure([]) == .notALine)
    #expect(failure(Array(Self.good.utf8)) == .notALine)
    #expect(failure(Array("\(Self.signature)\t\(Self.good)".utf8)) == .notALine)
    #expect(failure(Array("\(Self.signature.dropLast())B \(Self.good)".utf8)) == .signatureSpelling)
    #expect(failure(Self.line(Self.good.replacing(",\"v\"", with: ",\n\"v\"") + "\n")) == .rawNewline)
    let room = Line.bodyBytesMax - Self.good.utf8.count
    let longest = Self.good.replacing("\"command\":\"c", with: "\"command\":\"c" + String(repeating: "c", count: room))
    #expect(failure(Self.line(longest)) == nil)
    #expect(failure(Self.line(longest + " ")) == .tooLong(bytes: Line.bodyBytesMax + 1))
  }
}
