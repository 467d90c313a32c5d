import Foundation
import FoundationXML

/// What S3 answers: elements by their names, without their namespaces.
struct S3Answer {
  private let root: XMLElement

  init(_ bytes: [UInt8]) throws(VaultFault) {
    // Nothing outside the answer is ever loaded.
    guard let document = try? XMLDocument(data: Data(bytes), options: .nodeLoadExternalEntitiesNever),
      let root = document.rootElement()
    else { throw .failed("the bucket's answer cannot be read: check that the address is S3's") }
    self.root = root
  }

  /// The text of the first element of this name, at any depth.
  func first(_ name: String) -> String? { Self.first(name, in: root) }

  /// The direct children of this name.
  func all(_ name: String) -> [S3Element] {
    (root.children ?? []).compactMap { $0 as? XMLElement }.filter { $0.localName == name }.map(S3Element.init)
  }

  private static func first(_ name: String, in element: XMLElement) -> String? {
    if element.localName == name { return element.stringValue }
    for child in element.children ?? [] {
      if let child = child as? XMLElement, let found = first(name, in: child) { return found }
    }
    return nil
  }
}

struct S3Element {
  fileprivate let element: XMLElement

  /// The text of a child.
  subscript(name: String) -> String? {
    for child in element.children ?? [] where child.localName == name { return child.stringValue }
    return nil
  }
}
