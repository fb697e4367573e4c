//! The real window under WebDriver: WebKitWebDriver starts the program, this drives it.
//!
//! Each window has a profile, a home and a driver of its own, so that tests run beside each other.

use anyhow::{Context, Result, bail};
use fantoccini::elements::Element;
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The longest anything in the window may take.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A running window; closing it ends the program and the driver.
pub struct Window {
    client: Client,
    driver: Child,
    /// Removed with the window.
    _home: tempfile::TempDir,
}

impl Window {
    /// Starts `program` on `profile` with further environment variables.
    ///
    /// # Errors
    /// Where no driver is installed, or no window came in time.
    pub async fn open(program: &Path, profile: &Path, env: &[(String, String)]) -> Result<Self> {
        let home = tempfile::tempdir()?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("TABELLA_PROFILE", profile)
            .env("HOME", home.path())
            .env("XDG_DATA_HOME", home.path().join("data"))
            .env("XDG_CONFIG_HOME", home.path().join("config"))
            .env("XDG_CACHE_HOME", home.path().join("cache"))
            .envs(env.iter().map(|(k, v)| (k, v)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let driver = command.spawn().context("WebKitWebDriver is missing: apt-get install webkit2gtk-driver")?;
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("webkitgtk:browserOptions".into(), json!({ "binary": program, "args": [] }));
        let address = format!("http://127.0.0.1:{port}");
        let end = tokio::time::Instant::now() + PATIENCE;
        let client = loop {
            let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
            builder.capabilities(capabilities.clone());
            match builder.connect(&address).await {
                Ok(client) => break client,
                Err(error) if tokio::time::Instant::now() > end => return Err(error).context("no window"),
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        };
        Ok(Self { client, driver, _home: home })
    }

    /// Waits until `css` matches something visible.
    pub async fn see(&self, css: &str) -> Result<Element> {
        self.until(&format!("{css} is visible"), async || {
            for element in self.client.find_all(Locator::Css(css)).await? {
                if element.is_displayed().await.unwrap_or(false) {
                    return Ok(Some(element));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Waits until the page's text holds `words`.
    pub async fn read(&self, words: &str) -> Result<()> {
        self.until(&format!("\"{words}\" can be read"), async || Ok(self.text().await?.contains(words).then_some(())))
            .await
    }

    /// The visible text of the page.
    pub async fn text(&self) -> Result<String> {
        Ok(self.run("return document.body.innerText", vec![]).await?.as_str().unwrap_or_default().to_owned())
    }

    /// Waits for a button, link, tab, option or menu item by its accessible name and activates it.
    pub async fn press(&self, name: &str) -> Result<()> {
        let script = r"
            const name = arguments[0];
            const label = (e) => (e.getAttribute('aria-label') || e.innerText || '').trim();
            const all = [...document.querySelectorAll('button,a,[role=button],[role=tab],[role=option],[role=menuitem],[role=menuitemradio],[role=switch],[role=radio],[role=checkbox],label')];
            const fits = all.filter((e) => e.getClientRects().length > 0 && !e.disabled && e.getAttribute('aria-disabled') !== 'true');
            return fits.find((e) => label(e) === name) || fits.find((e) => label(e).startsWith(name))
              || fits.find((e) => label(e).split('\n').map((line) => line.trim()).includes(name)) || null;";
        self.click(&format!("\"{name}\" can be pressed"), script, vec![json!(name)]).await?;
        Ok(())
    }

    /// How many rows of lists hold these words.
    pub async fn rows(&self, words: &str) -> Result<u64> {
        let script = r"return [...document.querySelectorAll('[role=row],[role=option]')].filter((e) => e.getClientRects().length > 0 && e.innerText.includes(arguments[0])).length";
        Ok(self.run(script, vec![json!(words)]).await?.as_u64().unwrap_or(0))
    }

    /// Clicks the row of a list that holds these words.
    pub async fn press_row(&self, words: &str) -> Result<()> {
        let script = r"
            const row = [...document.querySelectorAll('[role=row],[role=option]')].find((e) => e.getClientRects().length > 0 && e.innerText.includes(arguments[0]));
            if (!row) return null;
            const all = [...row.querySelectorAll('*')].filter((e) => e.childElementCount === 0 && e.textContent.includes(arguments[0]));
            return all[0] || row;";
        self.click(&format!("there is a row \"{words}\""), script, vec![json!(words)]).await?;
        Ok(())
    }

    /// Clicks what a script finds. Between the two the page may put another element in its place: it is
    /// found anew where the driver says that nothing was clicked, and only there.
    async fn click(&self, what: &str, script: &str, args: Vec<Value>) -> Result<Element> {
        let clicked = self
            .until(what, async || {
                let found = self.run(script, args.clone()).await?;
                if found.is_null() {
                    return Ok(None);
                }
                let element = self.element(&found)?;
                match element.click().await {
                    Err(CmdError::Standard(refused)) if not_clicked(&refused.error) => Err(refused.into()),
                    clicked => Ok(Some(clicked.map(|()| element))),
                }
            })
            .await?;
        // The driver's own sentence may be empty: its kind is said.
        clicked.map_err(|error| anyhow::anyhow!("{what}, but the click fails: {error:?}"))
    }

    fn element(&self, found: &Value) -> Result<Element> {
        let id = found.as_object().and_then(|o| o.values().next()?.as_str()).context("not an element")?;
        Ok(Element::from_element_id(self.client.clone(), id.to_owned().into()))
    }

    /// Opens the choice with this label and takes an option by its first line.
    ///
    /// # Errors
    /// Where there is no such choice or option in time.
    pub async fn choose(&self, label: &str, option: &str) -> Result<()> {
        let choice = r"
            const words = (e) => [e.getAttribute('aria-label'), ...(e.getAttribute('aria-labelledby') || '').split(' ').filter(Boolean)
              .map((id) => document.getElementById(id)).map((l) => l && (l.getAttribute('aria-label') || l.innerText))].map((w) => (w || '').trim());
            const found = [...document.querySelectorAll('button[aria-haspopup=listbox]')].find((e) => e.getClientRects().length > 0 && words(e).includes(arguments[0])) || null;
            if (found) found.scrollIntoView({ block: 'center' });
            return found;";
        let entry = r"
            const all = [...document.querySelectorAll('[role=listbox] [role=option]')].filter((e) => e.getClientRects().length > 0);
            const found = all.find((e) => e.innerText.trim().split('\n')[0].trim() === arguments[0]) || null;
            if (found) found.scrollIntoView({ block: 'center' });
            return found;";
        for (script, name) in [(choice, label), (entry, option)] {
            self.click(&format!("\"{name}\" can be chosen"), script, vec![json!(name)]).await?;
        }
        self.until("the choice is made", async || {
            let open =
                self.run("return !!document.querySelector('[aria-haspopup=listbox][aria-expanded=true]')", vec![]);
            Ok((open.await? == Value::Bool(false)).then_some(()))
        })
        .await
    }

    /// Waits until nothing lies on top: dialogs, menus, lists.
    ///
    /// # Errors
    /// Where something stays.
    pub async fn alone(&self) -> Result<()> {
        self.until("nothing lies on top", async || {
            let open = self.run("return !!document.querySelector('[data-modal]')", vec![]).await?;
            Ok((open == Value::Bool(false)).then_some(()))
        })
        .await
    }

    /// The next question of the system where to save is answered with `path`. That window is the system's own and
    /// no part of the page, so that nothing else of the way differs.
    ///
    /// # Errors
    /// Where the window is gone.
    pub async fn saves_to(&self, path: &Path) -> Result<()> {
        let script = r"
            window.savePaths = [...(window.savePaths || []), arguments[0]];
            if (window.askedBefore) return;
            const asked = (window.askedBefore = window.fetch);
            const answer = (value) => new Response(JSON.stringify(value), { headers: { 'Content-Type': 'application/json', 'Tauri-Response': 'ok' } });
            window.fetch = (url, init) => decodeURIComponent(String(url)).includes('plugin:dialog|save') ? Promise.resolve(answer(window.savePaths.shift() ?? null)) : asked(url, init);";
        self.run(script, vec![json!(path)]).await?;
        Ok(())
    }

    /// Size of the window's inside, in pixels of the page.
    ///
    /// # Errors
    /// Where the window does not take it.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.client.set_window_size(width, height).await?;
        self.until("the window has its size", async || {
            let now = self.run("return innerWidth", vec![]).await?;
            Ok((now == json!(width)).then_some(()))
        })
        .await
    }

    /// Fills the field with this label; without text, it only gets the focus.
    ///
    /// # Errors
    /// Where there is none in time.
    pub async fn fill(&self, label: &str, text: &str) -> Result<()> {
        self.fill_nth(label, 0, text).await
    }

    /// Fills the field with this label that has so many of the same label before it.
    ///
    /// # Errors
    /// As [`Window::fill`].
    pub async fn fill_nth(&self, label: &str, nth: usize, text: &str) -> Result<()> {
        let script = r"
            const [name, nth] = arguments;
            const fits = (e) => e.getClientRects().length > 0;
            const by = [...document.querySelectorAll('input,textarea,[contenteditable=true],[role=textbox],[role=combobox]')].filter(fits);
            const named = (e) => {
              const ids = (e.getAttribute('aria-labelledby') || '').split(' ').filter(Boolean);
              const words = [e.getAttribute('aria-label') || '', ...ids.map((i) => document.getElementById(i)?.innerText || ''), ...[...(e.labels || [])].map((l) => l.innerText), e.placeholder || ''];
              return words.map((w) => w.trim());
            };
            const exact = by.filter((e) => named(e).includes(name));
            const found = (exact.length > 0 ? exact : by.filter((e) => named(e).some((w) => w.startsWith(name))))[nth] || null;
            // Not under a bar that stands at the edge.
            if (found) found.scrollIntoView({ block: 'center' });
            return found;";
        let element =
            self.click(&format!("there is a field \"{label}\""), script, vec![json!(label), json!(nth)]).await?;
        if element.tag_name().await?.eq_ignore_ascii_case("input") {
            // The driver's own clearing is not seen by a page that keeps the value itself.
            element.send_keys(&format!("{}a{}\u{e003}", char::from(Key::Control), char::from(Key::Null))).await?;
        }
        if !text.is_empty() {
            element.send_keys(text).await.with_context(|| format!("filling \"{label}\""))?;
        }
        Ok(())
    }

    /// Pastes text at the place that has the focus.
    ///
    /// # Errors
    /// Where nothing there takes text.
    pub async fn paste(&self, text: &str) -> Result<()> {
        let script = "return document.execCommand('insertText', false, arguments[0])";
        match self.run(script, vec![json!(text)]).await? {
            Value::Bool(true) => Ok(()),
            _ => bail!("nothing takes the pasted text"),
        }
    }

    /// Types keys at the place that has the focus.
    pub async fn keys(&self, keys: &str) -> Result<()> {
        self.client.active_element().await?.send_keys(keys).await?;
        Ok(())
    }

    /// Presses a key with Shift held.
    ///
    /// # Errors
    /// Where the window is gone.
    pub async fn shift(&self, key: &str) -> Result<()> {
        self.keys(&format!("{}{key}{}", char::from(Key::Shift), char::from(Key::Null))).await
    }

    /// Presses a key with Control held.
    pub async fn control(&self, key: &str) -> Result<()> {
        self.keys(&format!("{}{key}{}", char::from(Key::Control), char::from(Key::Null))).await
    }

    /// Drops files from outside on the middle of what `css` matches, and waits until `words` can be read: the
    /// event is the one the window sends its page on a real drop. A page that does not listen yet is asked again,
    /// as a person would.
    ///
    /// # Errors
    /// Where there is no such place in time, or nothing comes of it.
    pub async fn drop_files(&self, files: &[&Path], css: &str, words: &str) -> Result<()> {
        self.see(css).await?;
        let script = r"
            const [paths, css, done] = arguments;
            const box = document.querySelector(css).getBoundingClientRect();
            const scale = window.devicePixelRatio || 1;
            const position = { x: (box.x + box.width / 2) * scale, y: (box.y + box.height / 2) * scale };
            window.__TAURI_INTERNALS__.invoke('plugin:event|emit', { event: 'tauri://drag-drop', payload: { paths, position } })
              .then(() => done(null), (error) => done(String(error)));";
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            let failed = self.run_async(script, vec![json!(files), json!(css)]).await?;
            if let Some(error) = failed.as_str() {
                bail!("the files could not be dropped: {error}");
            }
            let again = tokio::time::Instant::now() + Duration::from_secs(4);
            while tokio::time::Instant::now() < again {
                if self.text().await?.contains(words) {
                    return Ok(());
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            anyhow::ensure!(tokio::time::Instant::now() < end, "nothing came of the dropped files");
        }
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute(script, arguments).await?)
    }

    /// Runs a script that answers by its last argument.
    pub async fn run_async(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute_async(script, arguments).await?)
    }

    /// Saves a picture of the screen into the folder named by TABELLA_PICTURES, where it is set: for people who
    /// want to look. ImageMagick takes it, as WebKit's driver may wait for ever to take one; run one test at a time.
    ///
    /// # Errors
    /// Where ImageMagick is missing or fails.
    pub async fn picture(&self, name: &str) -> Result<()> {
        let Some(folder) = std::env::var_os("TABELLA_PICTURES").filter(|folder| !folder.is_empty()) else {
            return Ok(());
        };
        // Two frames later everything asked for is painted.
        self.run_async(
            "const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(() => done(true)))",
            vec![],
        )
        .await?;
        let file = Path::new(&folder).join(format!("{name}.png"));
        let taken = Command::new("import").args(["-window", "root"]).arg(file).status().context("ImageMagick")?;
        anyhow::ensure!(taken.success(), "ImageMagick took no picture");
        Ok(())
    }

    /// The id of the program's process.
    ///
    /// # Errors
    /// Where it is gone.
    pub fn program(&self) -> Result<u32> {
        children(self.driver.id())?.first().copied().context("the driver has started no program")
    }

    /// The WebDriver client, for what has no word here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Accessibility violations (axe, WCAG 2.2 A and AA) of what is shown now, one line each.
    pub async fn violations(&self) -> Result<Vec<String>> {
        let axe =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/node_modules/axe-core/axe.min.js"))
                .context("run npm --prefix ui ci")?;
        // The page's policy forbids eval; a script of the driver is not bound by it.
        let put = format!("if (!window.axe) {{ {axe}\n window.axe = axe; }} return true;");
        self.run(&put, vec![]).await?;
        let found = self
            .run_async(
                r"
                const done = arguments[arguments.length - 1];
                // A colour half-way through its change is nobody's choice: what comes to an end is waited for.
                const passing = document.getAnimations().filter((a) => Number.isFinite(a.effect?.getComputedTiming().endTime));
                const about = (node) => node.target.join(' ') + ' (' + node.any.map((check) => check.message).join(' ') + ')';
                Promise.allSettled(passing.map((a) => a.finished))
                  .then(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
                  .then((r) => done(r.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map(about).join(' | '))),
                        (e) => done(['axe failed: ' + e]));",
                vec![],
            )
            .await?;
        Ok(found.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(String::from)).collect())
    }

    /// Waits until `check` gives something.
    pub async fn until<T>(&self, what: &str, check: impl AsyncFn() -> Result<Option<T>>) -> Result<T> {
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            match check().await {
                Ok(Some(value)) => return Ok(value),
                // The page may change under a look at it: look again.
                Ok(None) | Err(_) if tokio::time::Instant::now() < end => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Ok(None) => {
                    let text = self.text().await.unwrap_or_default();
                    bail!("waited in vain until {what}; the window shows:\n{text}");
                }
                Err(error) => return Err(error).context(format!("while waiting until {what}")),
            }
        }
    }

    /// Closes the window and waits for the program's end.
    pub async fn close(mut self) -> Result<()> {
        let closed = self.client.clone().close().await;
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        Ok(closed?)
    }
}

/// The answers after which nothing was clicked: <https://www.w3.org/TR/webdriver2/#element-click>.
fn not_clicked(status: &ErrorStatus) -> bool {
    use ErrorStatus::{ElementClickIntercepted, ElementNotInteractable, NoSuchElement, StaleElementReference};
    matches!(status, ElementClickIntercepted | ElementNotInteractable | NoSuchElement | StaleElementReference)
}

/// Processes that this one started, as Linux knows them.
///
/// # Errors
/// Where the process is gone.
pub fn children(process: u32) -> Result<Vec<u32>> {
    let mut found = Vec::new();
    for thread in std::fs::read_dir(format!("/proc/{process}/task"))? {
        let list = std::fs::read_to_string(thread?.path().join("children")).unwrap_or_default();
        found.extend(list.split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
    }
    Ok(found)
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
