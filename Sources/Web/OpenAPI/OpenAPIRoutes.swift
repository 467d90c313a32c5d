import Hummingbird
import NIOCore

/// The description of everything, for programs; anybody may read it.
enum OpenAPIRoutes: Routes {
  static let operations: [Operation] = [
    .get("/openapi.json", "This description", answer: .json(.any), access: .anyone)
  ]

  static func add(to router: Router<PageContext>, _ app: WebApp) {
    // Made once: it differs with the program alone.
    let document = ByteBuffer(bytes: OpenAPIDocument.json(Operation.all, version: "1").bytes)
    router.get("/openapi.json") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-cache"],
        body: ResponseBody(byteBuffer: document))
    }
  }
}
