import Crypto
import Hummingbird
import Ledger
import NIOCore

/// The style sheet and the script, under addresses that change with their content: a browser keeps them for ever.
struct Assets: Sendable {
  struct Asset: Sendable {
    var bytes: ByteBuffer
    var type: String
    var tag: String
  }

  /// By file name.
  let files: [String: Asset]
  /// For the head of every page.
  let links: String

  init() {
    let style = PackageResources.tokens_css + PackageResources.look_css + BoardStyles.all
    let look = Asset(bytes: ByteBuffer(bytes: style), type: "text/css; charset=utf-8", tag: Assets.tag(style))
    let script = Asset(
      bytes: ByteBuffer(bytes: LiveScript.permanence), type: "text/javascript; charset=utf-8",
      tag: Assets.tag(LiveScript.permanence))
    let icon = PackageResources.icon_svg
    let mark = Asset(bytes: ByteBuffer(bytes: icon), type: "image/svg+xml", tag: Assets.tag(icon))
    files = ["look.css": look, "permanence.js": script, "icon.svg": mark]
    links =
      "<link rel=\"icon\" href=\"/assets/\(mark.tag)/icon.svg\">"
      + "<link rel=\"stylesheet\" href=\"/assets/\(look.tag)/look.css\">"
      + "<script type=\"module\" src=\"/assets/\(script.tag)/permanence.js\"></script>"
  }

  private static func tag(_ bytes: [UInt8]) -> String { Hex.text(of: SHA256.hash(data: bytes).prefix(8)) }
}

enum AssetRoutes: Routes {
  static func add(to router: Router<PageContext>, _ app: WebApp) {
    router.get("/assets/:tag/:file") { request, context in
      guard let asset = app.assets.files[try context.parameter("file")] else { throw Problem.notFound }
      let isCurrent = try context.parameter("tag") == asset.tag
      let tag = "\"\(asset.tag)\""
      // An address of an older build still answers, but is not kept.
      let headers: HTTPFields = [
        .eTag: tag, .contentType: asset.type,
        .cacheControl: isCurrent ? "public, max-age=31536000, immutable" : "no-cache",
      ]
      if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
      return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: asset.bytes))
    }
  }
}
