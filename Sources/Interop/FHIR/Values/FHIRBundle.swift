import Ledger

/// Resources together: what a search found, a resource's versions.
public enum FHIRBundle {
  public struct Entry: Sendable {
    /// `Patient/<uuid>`.
    public var path: String
    public var resource: JSON?
    /// match, include, outcome; nil in a history.
    public var mode: String?
    /// Of a match, from 0 to 1 in thousandths.
    public var scoreThousandths: Int?
    /// certain, probable, possible.
    public var grade: String?
    /// Of a version: the ETag, and when it was written.
    public var tag: String?
    public var modified: String?

    public init(path: String, resource: JSON?, mode: String? = nil) {
      self.path = path
      self.resource = resource
      self.mode = mode
    }
  }

  /// - Parameters:
  ///   - type: searchset or history.
  ///   - links: `self`, `next`.
  public static func bytes(
    type: String, base: String, total: Int?, links: [(relation: String, url: String)], _ entries: [Entry]
  ) -> [UInt8] {
    var out = FHIRObject()
    out.put("resourceType", "Bundle")
    out.put("type", type)
    if let total { out.put("total", .integer(total)) }
    out.put("link", links.map { ["relation": .string($0.relation), "url": .string($0.url)] })
    var bytes = out.json.bytes
    guard !entries.isEmpty else { return bytes }
    bytes.removeLast()
    bytes += Array(",\"entry\":[".utf8)
    for (index, entry) in entries.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      entry.write(into: &bytes, base: base, isHistory: type == "history")
    }
    bytes += Array("]}".utf8)
    return bytes
  }
}

extension FHIRBundle.Entry {
  fileprivate func write(into bytes: inout [UInt8], base: String, isHistory: Bool) {
    var out = FHIRObject()
    out.put("fullUrl", "\(base)/\(path)")
    out.put("resource", resource)
    if isHistory {
      out.put("request", ["method": "PUT", "url": .string(path)])
      var response = FHIRObject()
      response.put("status", "200")
      response.put("etag", tag)
      response.put("lastModified", modified)
      out.put("response", response)
    }
    guard let mode else { return out.json.write(into: &bytes) }
    // A score is a decimal number, which the ledger's JSON has none of.
    var search = FHIRObject()
    if let grade {
      search.put(
        "extension",
        [["url": "http://hl7.org/fhir/StructureDefinition/match-grade", "valueCode": .string(grade)]])
    }
    search.put("mode", mode)
    var text = search.json.bytes
    if let scoreThousandths {
      text.removeLast()
      let digits = String(min(scoreThousandths, 1000) + 1000).dropFirst()
      let score = scoreThousandths >= 1000 ? "1.0" : "0.\(digits)"
      text += Array(",\"score\":\(score)}".utf8)
    }
    var entry = out.json.bytes
    entry.removeLast()
    bytes += entry + Array(",\"search\":".utf8) + text + Array("}".utf8)
  }
}
