// Sends the page of the active tab to the native messaging host, in the form of SingleFile's
// companion, and returns the host's answer.
async function savePage() {
  const [tab] = await chrome.tabs.query({active: true, lastFocusedWindow: true});
  const [{result}] = await chrome.scripting.executeScript({
    target: {tabId: tab.id},
    func: () => "<!DOCTYPE html>" + document.documentElement.outerHTML,
  });
  const pageData = {content: result, url: tab.url, title: tab.title, filename: "page.html"};
  return chrome.runtime.sendNativeMessage("singlefile_companion", {method: "save", pageData});
}

chrome.action.onClicked.addListener(() => savePage());
