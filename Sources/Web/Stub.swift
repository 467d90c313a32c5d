import CZint
import Hummingbird
import HummingbirdTLS
import Mustache
enum WebStub { static let css = PackageResources.look_css }
