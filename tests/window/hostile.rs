//! A hostile letter asks nobody anything and runs nothing.

use crate::{connect, letter, open};
use anyhow::Result;
use e2e::{Keyring, MailServer, Web};
use std::time::Duration;

#[tokio::test]
async fn a_hostile_letter_makes_no_request_and_runs_no_script() -> Result<()> {
    let (keyring, server, web) = (Keyring::start(), MailServer::start(), Web::catch_all());
    let profile = tempfile::tempdir()?;
    let url = web.url();
    let html = format!(
        "Content-Type: text/html; charset=utf-8\r\n\r\n<html><head><title>x</title>\
         <link rel=stylesheet href=\"{url}/a.css\"><link rel=preload as=image href=\"{url}/b.png\"><link rel=dns-prefetch href=\"{url}\">\
         <meta http-equiv=refresh content=\"0;url={url}/c\"><base href=\"{url}/\">\
         <style>@import url({url}/d.css); body{{background:url({url}/e.png)}} @font-face{{font-family:x;src:url({url}/f.woff)}}</style></head>\
         <body onload=\"parent.postMessage('pwned','*')\" background=\"{url}/g.png\"><h1 id=shown>Invoice attached</h1>\
         <img src=\"{url}/h.png\" srcset=\"{url}/i.png 2x\" onerror=\"fetch('{url}/j')\"><img src=x onerror=\"new Image().src='{url}/k'\">\
         <script>fetch('{url}/l'); new Image().src='{url}/m'</script><iframe src=\"{url}/n\"></iframe><object data=\"{url}/o\"></object>\
         <embed src=\"{url}/p\"><video src=\"{url}/q\" poster=\"{url}/r\"></video><audio src=\"{url}/s\"></audio>\
         <svg><image href=\"{url}/t\"/><script>fetch('{url}/u')</script></svg><form action=\"{url}/v\"><input type=image src=\"{url}/w\"></form>\
         <table background=\"{url}/x.png\"><tr><td style=\"background-image:url('{url}/y.png')\">cell</td></tr></table>\
         <a href=\"javascript:fetch('{url}/z')\">click</a></body></html>\r\n"
    );
    server.put("anna", "INBOX", &letter("Your invoice", "bad", &html), "");
    connect(profile.path(), &keyring, &server, "anna")?;
    let window = open(profile.path(), &keyring).await?;
    window.read("Your invoice").await?;
    window.press_row("Your invoice").await?;
    let frame = window.see("iframe").await?;
    frame.enter_frame().await?;
    window
        .until("the letter is shown", async || Ok(window.text().await?.contains("Invoice attached").then_some(())))
        .await?;
    // What would have been asked for at all is asked for at once; give it time to fail us.
    tokio::time::sleep(Duration::from_secs(2)).await;
    window.client().enter_parent_frame().await?;
    assert_eq!(web.requests().iter().map(|r| r.target.clone()).collect::<Vec<_>>(), Vec::<String>::new());
    window.close().await
}
