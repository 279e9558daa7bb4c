import Foundation
import NIOSSL

/// What the files hold.
extension ServerTLS {
  /// A file that cannot be used, and the key that names it.
  struct Mistake: Error {
    let key: String
    let message: String
  }

  /// What connections are encrypted by, from the files as they are now.
  func context() throws(Mistake) -> NIOSSLContext {
    let chain = try certificates(certificateFile, "cert_file")
    let privateKey = try privateKey()
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
    configuration.minimumTLSVersion = minimum
    configuration.maximumTLSVersion = maximum
    configuration.applicationProtocols = ["http/1.1"]
    // A client that is let go need not agree.
    configuration.shutdownTimeout = .milliseconds(200)
    if let clientAuthorities {
      configuration.trustRoots = .certificates(try certificates(clientAuthorities, "client_ca_file"))
      configuration.certificateVerification = clientAuthentication == .required ? .noHostnameVerification : .optionalVerification
    }
    do {
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw Mistake(key: "key_file", message: "\(keyFile) is not the key of the certificate in \(certificateFile)")
    }
  }

  /// The day of the first certificate's end, `2026-11-28`, where that is before `now`.
  func expired(at now: Date) -> String? {
    guard let end = (try? NIOSSLCertificate.fromPEMFile(certificateFile))?.first?.notValidAfter else { return nil }
    guard Double(end) < now.timeIntervalSince1970 else { return nil }
    return String(Timestamp(milliseconds: Int64(end) * 1000).rfc3339.prefix(10))
  }

  /// Changes when one of the files may have changed.
  var revision: [Int64] { [certificateFile, keyFile, clientAuthorities].compactMap { $0 }.map(TextFile.modified) }

  private func certificates(_ path: String, _ key: String) throws(Mistake) -> [NIOSSLCertificate] {
    let bytes = try read(path, key)
    do {
      let chain = try NIOSSLCertificate.fromPEMBytes(bytes)
      if !chain.isEmpty { return chain }
    } catch {}
    throw Mistake(key: key, message: "\(path) holds no certificate in PEM (-----BEGIN CERTIFICATE-----)")
  }

  private func privateKey() throws(Mistake) -> NIOSSLPrivateKey {
    let bytes = try read(keyFile, "key_file")
    do {
      return try NIOSSLPrivateKey(bytes: bytes, format: .pem)
    } catch {
      throw Mistake(key: "key_file", message: "\(keyFile) holds no private key in PEM without a passphrase")
    }
  }

  private func read(_ path: String, _ key: String) throws(Mistake) -> [UInt8] {
    do throws(AgentError) {
      return Array(try TextFile.read(path, limit: 1 << 20).utf8)
    } catch {
      throw Mistake(key: key, message: error.description)
    }
  }
}
