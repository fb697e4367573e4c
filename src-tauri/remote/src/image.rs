//! Remote images of letters, fetched only with the reader's consent.
//!
//! Owns: what such a request tells (nothing: no cookies, no referrer, no name of ours beyond the
//! user agent that every copy shares), where it may go (public addresses alone, checked after
//! resolution and for every redirect), how much it may bring and how long it may take.
//! Refuses: everything that is not a raster image by its own first bytes; SVG is a document.

use crate::tls;
use model::{Error, ErrorCode, Phrase, Result, say};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Url, redirect};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(20);
const BYTES_MAX: usize = 10 * 1024 * 1024;
const REDIRECTS_MAX: usize = 5;
const URL_MAX: usize = 8 * 1024;

/// Which addresses may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Addresses of the public internet.
    Public,
    /// Any address; for tests against a server on this machine.
    Anywhere,
}

/// A raster image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its media type, told by its first bytes.
    pub mime: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Fetches images; cheap to clone.
#[derive(Clone, Debug)]
pub struct Images {
    client: reqwest::Client,
    reach: Reach,
}

impl Images {
    /// A fetcher.
    ///
    /// # Errors
    /// `Certificate` where the system's certificate store can't be read.
    pub fn new(reach: Reach) -> Result<Self> {
        tls::init();
        let config = tls::client_config(None)?;
        let policy = redirect::Policy::custom(move |attempt| {
            if attempt.previous().len() > REDIRECTS_MAX || check(attempt.url(), reach).is_err() {
                attempt.stop()
            } else {
                attempt.follow()
            }
        });
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured((*config).clone())
            .dns_resolver(Arc::new(Careful(reach)))
            .redirect(policy)
            .referer(false)
            .no_proxy()
            .timeout(DEADLINE)
            .connect_timeout(Duration::from_secs(10))
            .user_agent("Mozilla/5.0")
            .build()
            .map_err(Error::internal)?;
        Ok(Self { client, reach })
    }

    /// The image at this address.
    ///
    /// # Errors
    /// `Refused` where the address may not be asked or what it brings is no raster image,
    /// `TooLarge`, `Timeout`, `Network`.
    pub async fn fetch(&self, address: &str) -> Result<Image> {
        if address.len() > URL_MAX {
            return Err(refused(say!("its address is too long")));
        }
        let url = Url::parse(address).map_err(|_| refused(say!("its address can't be read")))?;
        check(&url, self.reach)?;
        let mut response = self
            .client
            .get(url)
            .header("Accept", "image/avif,image/webp,image/png,image/jpeg,image/gif")
            .send()
            .await
            .map_err(|e| failed(&e))?;
        if !response.status().is_success() {
            return Err(refused(say!("its server answered {code}", code = response.status().as_u16())));
        }
        let too_large = || Error::new(ErrorCode::TooLarge, "The image is too large to be loaded.");
        if response.content_length().is_some_and(|length| length > BYTES_MAX as u64) {
            return Err(too_large());
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| failed(&e))? {
            if bytes.len() + chunk.len() > BYTES_MAX {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        let mime = raster(&bytes).ok_or_else(|| refused(say!("it is not a picture")))?;
        Ok(Image { mime, bytes })
    }
}

fn refused(why: Phrase) -> Error {
    Error::new(ErrorCode::Refused, say!("The image is not loaded: {why}.", why))
}

fn failed(error: &reqwest::Error) -> Error {
    if error.is_timeout() {
        return Error::new(ErrorCode::Timeout, "The image's server did not answer in time.");
    }
    Error::new(ErrorCode::Network, "The image's server can't be reached.").detail(error)
}

/// True for the media types [`raster`] tells.
pub fn is_raster(mime: &str) -> bool {
    matches!(mime, "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/avif" | "image/bmp")
}

/// The media type of a raster image, by its first bytes.
pub fn raster(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f' | b's', ..] => Some("image/avif"),
        [b'B', b'M', ..] if bytes.len() > 26 => Some("image/bmp"),
        _ => None,
    }
}

/// Scheme and, where the host is an address, that address; names are checked when resolved.
fn check(url: &Url, reach: Reach) -> Result<()> {
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return Err(refused(say!("its address is not one of the web")));
    }
    let host = url.host_str().ok_or_else(|| refused(say!("its address has no host")))?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) if reach == Reach::Public && !is_public(address) => {
            Err(refused(say!("its server is in a private network")))
        }
        _ => Ok(()),
    }
}

/// Resolves names and leaves out addresses that may not be asked.
struct Careful(Reach);

impl Resolve for Careful {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let allowed: Vec<SocketAddr> =
                found.into_iter().filter(|a| reach == Reach::Anywhere || is_public(a.ip())).collect();
            if allowed.is_empty() {
                return Err("no public address".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// True for addresses of the public internet (RFC 6890 and its kin).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    !(v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_broadcast()
        || v4.is_documentation()
        || v4.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19)))
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    if let Some(v4) = v6.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let [first, second, ..] = v6.segments();
    match first {
        // 64:ff9b::/96 carries an IPv4 address in its last four bytes; 2002::/16 in its first.
        0x0064 => {
            let [.., high, low] = v6.segments();
            second == 0xff9b && is_public_v4(carried(high, low))
        }
        0x2002 => {
            let [_, high, low, ..] = v6.segments();
            is_public_v4(carried(high, low))
        }
        0x2001 => second != 0 && second != 0x0db8,
        _ => (0x2000..0x4000).contains(&first),
    }
}

/// The IPv4 address in two segments of an IPv6 address.
fn carried(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    #[test]
    fn private_loopback_and_mapped_addresses_are_not_public() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "172.16.5.5",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "224.0.0.1",
            "255.255.255.255",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in ["93.184.216.34", "2606:2800:220:1::1", "8.8.8.8"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    fn serve(answer: &'static [u8]) -> (u16, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let thread = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0; 4096];
            let length = stream.read(&mut buffer).unwrap();
            stream.write_all(answer).unwrap();
            String::from_utf8_lossy(&buffer[..length]).into_owned()
        });
        (port, thread)
    }

    #[tokio::test]
    async fn a_picture_is_fetched_without_telling_who_asks() {
        let (port, asked) = serve(
            b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 8\r\nConnection: close\r\n\r\n\x89PNG\r\n\x1a\n",
        );
        let image =
            Images::new(Reach::Anywhere).unwrap().fetch(&format!("http://127.0.0.1:{port}/a.png")).await.unwrap();
        assert_eq!(image.mime, "image/png");
        let request = asked.join().unwrap().to_lowercase();
        assert!(
            !request.contains("cookie") && !request.contains("referer") && !request.contains("tabella"),
            "{request}"
        );
    }

    #[tokio::test]
    async fn private_servers_other_schemes_and_documents_are_refused() {
        let images = Images::new(Reach::Public).unwrap();
        for address in [
            "http://127.0.0.1:1/a.png",
            "http://localhost:1/a.png",
            "http://[::1]:1/",
            "file:///etc/passwd",
            "ftp://a/",
            "http://u:p@example.org/",
        ] {
            let error = images.fetch(address).await.unwrap_err();
            assert!(matches!(error.code, ErrorCode::Refused | ErrorCode::Network), "{address}: {error}");
        }
        let (port, _) =
            serve(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 5\r\nConnection: close\r\n\r\n<svg>");
        let error =
            Images::new(Reach::Anywhere).unwrap().fetch(&format!("http://127.0.0.1:{port}/")).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Refused);
    }

    #[tokio::test]
    async fn a_redirect_into_a_private_network_ends_there() {
        let (port, _) = serve(
            b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/x.png\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        );
        let mut images = Images::new(Reach::Public).unwrap();
        images.reach = Reach::Anywhere;
        let error = images.fetch(&format!("http://127.0.0.1:{port}/")).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Refused);
    }
}
