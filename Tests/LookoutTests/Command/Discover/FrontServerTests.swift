import Testing

@testable import Lookout

@Suite("Web servers in front of Odoo")
struct FrontServerTests {
  private static let nginx = """
    user www-data; # a comment with ; and {
    http {
      upstream odoo { server 127.0.0.1:8069 weight=1; }
      upstream other { server 127.0.0.1:3000; }
      server {
        listen 80 default_server; server_name erp.example.com;
        return 301 https://$host$request_uri;
      }
      server {
        listen 443 ssl http2;
        listen [::]:443 ssl;
        server_name _ "erp.example.com" www.erp.example.com;
        location / { proxy_pass http://odoo; if ($x ~ "a{2}") { set $y 1; } }
        location /longpolling { proxy_pass http://127.0.0.1:8072; }
      }
      server { listen 443 ssl; server_name shop.example.com; location / { proxy_pass http://other; } }
      server { listen 8443 ssl; server_name ~^bad$ *.example.com direct.example.com; location / { proxy_pass http://localhost:8070/; } }
    }
    """

  @Test(
    "are found in nginx's files by the port that they pass on to, over upstreams",
    arguments: [
      (8069, "https://erp.example.com"), (3000, "https://shop.example.com"), (8070, "https://direct.example.com:8443"), (9999, nil),
    ])
  func nginx(port: Int, url: String?) throws {
    try withTree(["/etc/nginx/sites-available/o": Self.nginx, "/etc/nginx/sites-enabled/o": "->/etc/nginx/sites-available/o"]) { tree in
      let found = FrontServer.find(in: tree, passingTo: port)
      #expect(found?.url == url)
      #expect(found.map { $0.from == "nginx, /etc/nginx/sites-enabled/o" } ?? true)
    }
  }

  @Test("are found in Apache's files")
  func apache() throws {
    let text = """
      <VirtualHost *:80>
        ServerName erp.example.com
        Redirect / https://erp.example.com/
      </VirtualHost>
      <VirtualHost *:443>
        ServerName https://erp.example.com:443
        SSLEngine on
        # ProxyPass / http://127.0.0.1:9999/
        ProxyPass / http://127.0.0.1:8069/
      </VirtualHost>
      """
    try withTree(["/etc/apache2/sites-enabled/odoo.conf": text]) { tree in
      #expect(FrontServer.find(in: tree, passingTo: 8069)?.url == "https://erp.example.com")
      #expect(FrontServer.find(in: tree, passingTo: 9999) == nil)
    }
  }

  @Test(
    "files that are no configuration do no harm",
    arguments: [
      "", "{", "}}}}", "server {", "\"", "server { server_name; listen; proxy_pass; }", String(repeating: "server {", count: 50_000),
      "\u{0}",
    ])
  func hostile(text: String) throws {
    try withTree(["/etc/nginx/nginx.conf": text, "/etc/apache2/sites-enabled/x": "<VirtualHost\nServerName\n" + text]) { tree in
      #expect(FrontServer.find(in: tree, passingTo: 8069) == nil)
    }
  }
}
