<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" sourcelanguage="en">
<context>
    <name>Chart</name>
    <message><source>{n} bar</source><translation type="unfinished"/></message>
    <message><source>{n} bars</source><translation type="unfinished"/></message>
    <message><source>{bars}, last price {price} {unit}</source><translation type="unfinished"/></message>
    <message><source>Price chart</source><translation type="unfinished"/></message>
    <message><source>No bar yet</source><translation type="unfinished"/></message>
    <message><source>Vol {n} {unit}</source><translation type="unfinished"/></message>
</context>
<context>
    <name>Endpoint</name>
    <message><source>An endpoint is needed, such as wss://api.mainnet-beta.solana.com.</source><translation type="unfinished"/></message>
    <message><source>An endpoint starts with wss:// or, on this computer, ws://.</source><translation type="unfinished"/></message>
    <message><source>This is not a web address: a host name is missing or wrong.</source><translation type="unfinished"/></message>
</context>
<context>
    <name>Filters</name>
    <message><source>Launchpad: {pads}</source><translation type="unfinished"/></message>
    <message><source>Type a condition such as mcap &gt;= 5k SOL or age &lt;= 30m.</source><translation type="unfinished"/></message>
    <message><source>A filter is a name, &gt;= or &lt;=, and a number: mcap &gt;= 5k SOL.</source><translation type="unfinished"/></message>
    <message><source>There is no number named {name}. Known: {known}, launchpad.</source><translation type="unfinished"/></message>
    <message><source>Use &gt;= or &lt;= with {name}: an exact number would match almost nothing.</source><translation type="unfinished"/></message>
    <message><source>{text} is not a number.</source><translation type="unfinished"/></message>
    <message><source>Say the unit of time: 45s, 30m, 2h or 3d.</source><translation type="unfinished"/></message>
    <message><source>{name} is a percentage, such as 50%.</source><translation type="unfinished"/></message>
    <message><source>{name} is in milliseconds, such as 200 ms.</source><translation type="unfinished"/></message>
    <message><source>{name} takes a number such as 5k or 1.2M, then a quote such as SOL.</source><translation type="unfinished"/></message>
    <message><source>{name} is a count, such as 25 or 1.5k.</source><translation type="unfinished"/></message>
    <message><source>There is no launchpad named {name}. Known: {known}.</source><translation type="unfinished"/></message>
</context>
<context>
    <name>First run</name>
    <message><source>Fluxdesk has no server and no account. What it records stays in a folder on this computer.</source><translation type="unfinished"/></message>
    <message><source>Practice</source><translation type="unfinished"/></message>
    <message><source>A local market with made-up tokens, creators and traders.</source><translation type="unfinished"/></message>
    <message><source>Start practice</source><translation type="unfinished"/></message>
    <message><source>Live</source><translation type="unfinished"/></message>
    <message><source>Real launches from a Solana endpoint, as it delivers them.</source><translation type="unfinished"/></message>
    <message><source>Watch live</source><translation type="unfinished"/></message>
    <message><source>Replay</source><translation type="unfinished"/></message>
    <message><source>A recording, played through the same decoders.</source><translation type="unfinished"/></message>
    <message><source>Open a recording</source><translation type="unfinished"/></message>
    <message><source>Solana endpoint</source><translation type="unfinished"/></message>
    <message><source>A file of transactions or logs…</source><translation type="unfinished"/></message>
    <message><source>A folder of files…</source><translation type="unfinished"/></message>
    <message><source>A journal of Fluxdesk…</source><translation type="unfinished"/></message>
    <message><source>Keep what is running</source><translation type="unfinished"/></message>
    <message><source>Open a file of transactions or logs</source><translation type="unfinished"/></message>
    <message><source>JSON (*.json *.jsonl *.ndjson *.gz);;All files (*)</source><translation type="unfinished"/></message>
    <message><source>Open a folder of files</source><translation type="unfinished"/></message>
    <message><source>Open a journal</source><translation type="unfinished"/></message>
    <message><source>Journals (*.sqlite)</source><translation type="unfinished"/></message>
    <message><source>Start here</source><translation type="unfinished"/></message>
    <message><source>Endpoint</source><translation type="unfinished"/></message>
    <message><source>No key, no account, no network</source><translation type="unfinished"/></message>
    <message><source>Same decoders and screens as live</source><translation type="unfinished"/></message>
    <message><source>Prices are generated: skill carries over, profit does not</source><translation type="unfinished"/></message>
    <message><source>Watching needs no key and no account</source><translation type="unfinished"/></message>
    <message><source>A free endpoint sees logs only, late and with limits: some launches are missed, and each gap is marked</source><translation type="unfinished"/></message>
    <message><source>The endpoint sees your IP address</source><translation type="unfinished"/></message>
    <message><source>The same bytes give the same result, every time</source><translation type="unfinished"/></message>
    <message><source>Needs a recording: a file or folder of transactions, or a journal</source><translation type="unfinished"/></message>
    <message><source>How do you want to start?</source><translation type="unfinished"/></message>
    <message><source>You can change this at any time. Practice, live and replay never share a store.</source><translation type="unfinished"/></message>
</context>
<context>
    <name>Keys</name>
    <message><source>Keys</source><translation type="unfinished"/></message>
    <message><source>Close</source><translation type="unfinished"/></message>
    <message><source>Single letters act while a list or the chart has the focus, never while you type.</source><translation type="unfinished"/></message>
    <message><source>Go to</source><translation type="unfinished"/></message>
    <message><source>Everywhere</source><translation type="unfinished"/></message>
    <message><source>In a list</source><translation type="unfinished"/></message>
    <message><source>In the chart</source><translation type="unfinished"/></message>
    <message><source>Search and run anything</source><translation type="unfinished"/></message>
    <message><source>Show all keys</source><translation type="unfinished"/></message>
    <message><source>Back to Launches</source><translation type="unfinished"/></message>
    <message><source>Add a filter</source><translation type="unfinished"/></message>
    <message><source>Clear all filters</source><translation type="unfinished"/></message>
    <message><source>Change mode: practice, live, replay</source><translation type="unfinished"/></message>
    <message><source>Start the node</source><translation type="unfinished"/></message>
    <message><source>Restart the node</source><translation type="unfinished"/></message>
    <message><source>Open the log</source><translation type="unfinished"/></message>
    <message><source>Open the data folder</source><translation type="unfinished"/></message>
    <message><source>Quit Fluxdesk and stop the node</source><translation type="unfinished"/></message>
    <message><source>Launches</source><translation type="unfinished"/></message>
    <message><source>Sources</source><translation type="unfinished"/></message>
    <message><source>Settings</source><translation type="unfinished"/></message>
    <message><source>Launches: new</source><translation type="unfinished"/></message>
    <message><source>Launches: final stretch</source><translation type="unfinished"/></message>
    <message><source>Launches: graduated</source><translation type="unfinished"/></message>
    <message><source>Next row</source><translation type="unfinished"/></message>
    <message><source>Previous row</source><translation type="unfinished"/></message>
    <message><source>Open the selected token</source><translation type="unfinished"/></message>
    <message><source>Show the raw transaction</source><translation type="unfinished"/></message>
    <message><source>Copy the full address</source><translation type="unfinished"/></message>
    <message><source>Search this list</source><translation type="unfinished"/></message>
    <message><source>Pause or resume the list</source><translation type="unfinished"/></message>
    <message><source>Next stage</source><translation type="unfinished"/></message>
    <message><source>Previous stage</source><translation type="unfinished"/></message>
    <message><source>Zoom in</source><translation type="unfinished"/></message>
    <message><source>Zoom out</source><translation type="unfinished"/></message>
    <message><source>Earlier</source><translation type="unfinished"/></message>
    <message><source>Later</source><translation type="unfinished"/></message>
    <message><source>Longer bars</source><translation type="unfinished"/></message>
    <message><source>Shorter bars</source><translation type="unfinished"/></message>
</context>
<context>
    <name>Launches</name>
    <message><source>Token</source><translation type="unfinished"/></message>
    <message><source>Symbol, launchpad and name, as the launch states them.</source><translation type="unfinished"/></message>
    <message><source>Age</source><translation type="unfinished"/></message>
    <message><source>Since creation by block time; with ~ since its first event arrived, while block time is unknown.</source><translation type="unfinished"/></message>
    <message><source>Price</source><translation type="unfinished"/></message>
    <message><source>Last trade: whole quote units for one whole token.</source><translation type="unfinished"/></message>
    <message><source>Mkt cap</source><translation type="unfinished"/></message>
    <message><source>Price × total supply, in the quote of the pool. Below it: last price against the first known price.</source><translation type="unfinished"/></message>
    <message><source>Since launch</source><translation type="unfinished"/></message>
    <message><source>Price since Fluxdesk first saw it, linear; dotted at the first.</source><translation type="unfinished"/></message>
    <message><source>Curve</source><translation type="unfinished"/></message>
    <message><source>Quote collected / quote needed to graduate; marks at 25, 50, 75%.</source><translation type="unfinished"/></message>
    <message><source>Vol 5m / liq</source><translation type="unfinished"/></message>
    <message><source>Quote traded in the last 5 minutes. Below it: the quote side of the pool.</source><translation type="unfinished"/></message>
    <message><source>Buys / sells</source><translation type="unfinished"/></message>
    <message><source>Trades of the last 5 minutes by side; inner instructions count.</source><translation type="unfinished"/></message>
    <message><source>Buyers</source><translation type="unfinished"/></message>
    <message><source>Distinct buying wallets since first seen. Below it: holders as the trades seen so far imply them.</source><translation type="unfinished"/></message>
    <message><source>Trades</source><translation type="unfinished"/></message>
    <message><source>Trades since Fluxdesk first saw the token.</source><translation type="unfinished"/></message>
    <message><source>Creator</source><translation type="unfinished"/></message>
    <message><source>Wallet that created the token, as the launch states it.</source><translation type="unfinished"/></message>
    <message><source>First seen</source><translation type="unfinished"/></message>
    <message><source>Source that delivered it first, and its lead over the next source.</source><translation type="unfinished"/></message>
    <message><source>New</source><translation type="unfinished"/></message>
    <message><source>{n} hold</source><translation type="unfinished"/></message>
    <message><source>only source</source><translation type="unfinished"/></message>
    <message><source>{time} ahead</source><translation type="unfinished"/></message>
    <message><source>Graduated</source><translation type="unfinished"/></message>
    <message><source>Pool, no curve</source><translation type="unfinished"/></message>
    <message><source>? unknown</source><translation type="unfinished"/></message>
    <message><source>none in 5 min</source><translation type="unfinished"/></message>
    <message><source>one trade</source><translation type="unfinished"/></message>
    <message><source>no trade yet</source><translation type="unfinished"/></message>
    <message><source>sold out</source><translation type="unfinished"/></message>
    <message><source>final</source><translation type="unfinished"/></message>
    <message><source>Price since first seen</source><translation type="unfinished"/></message>
    <message><source>Curve {part}</source><translation type="unfinished"/></message>
    <message><source>Open</source><translation type="unfinished"/></message>
    <message><source>Launch transaction</source><translation type="unfinished"/></message>
    <message><source>Select a launch to see what stands behind it.</source><translation type="unfinished"/></message>
    <message><source>Created</source><translation type="unfinished"/></message>
    <message><source>Lead</source><translation type="unfinished"/></message>
    <message><source>Details of {symbol}</source><translation type="unfinished"/></message>
    <message><source>{source}, {time}</source><translation type="unfinished"/></message>
    <message><source>Open {symbol}</source><translation type="unfinished"/></message>
    <message><source>▲ {n} buys</source><translation type="unfinished"/></message>
    <message><source>▼ {n} sells</source><translation type="unfinished"/></message>
    <message><source>A line needs two trades</source><translation type="unfinished"/></message>
    <message><source>Copy the full address: C</source><translation type="unfinished"/></message>
    <message><source>Price × total supply.</source><translation type="unfinished"/></message>
    <message><source>Liquidity</source><translation type="unfinished"/></message>
    <message><source>The quote side of the pool.</source><translation type="unfinished"/></message>
    <message><source>Vol 5m</source><translation type="unfinished"/></message>
    <message><source>Quote traded in the last 5 minutes.</source><translation type="unfinished"/></message>
    <message><source>Since Fluxdesk first saw it.</source><translation type="unfinished"/></message>
    <message><source>Distinct buying wallets since first seen.</source><translation type="unfinished"/></message>
    <message><source>Holders</source><translation type="unfinished"/></message>
    <message><source>As the trades seen so far imply them.</source><translation type="unfinished"/></message>
    <message><source>Copy the creator's address</source><translation type="unfinished"/></message>
    <message><source>Raw bytes and the decoded row: T</source><translation type="unfinished"/></message>
    <message><source>open</source><translation type="unfinished"/></message>
    <message><source>Enter</source><translation type="unfinished"/></message>
    <message><source>Address</source><translation type="unfinished"/></message>
    <message><source>no name stated</source><translation type="unfinished"/></message>
    <message><source>block time not known</source><translation type="unfinished"/></message>
    <message><source>no second source yet</source><translation type="unfinished"/></message>
    <message><source>{time} before the next</source><translation type="unfinished"/></message>
    <message><source>not stated</source><translation type="unfinished"/></message>
    <message><source>Graduated to a pool</source><translation type="unfinished"/></message>
    <message><source>Last 5 minutes</source><translation type="unfinished"/></message>
    <message><source>Creator's address</source><translation type="unfinished"/></message>
    <message><source>A pool from the start</source><translation type="unfinished"/></message>
    <message><source>not known yet</source><translation type="unfinished"/></message>
    <message><source>, sold out</source><translation type="unfinished"/></message>
    <message><source>, final stretch</source><translation type="unfinished"/></message>
    <message><source>mcap &gt;= 5k SOL</source><translation type="unfinished"/></message>
    <message><source>New filter</source><translation type="unfinished"/></message>
    <message><source>Add filter</source><translation type="unfinished"/></message>
    <message><source>Filter</source><translation type="unfinished"/></message>
    <message><source>Search list</source><translation type="unfinished"/></message>
    <message><source>Search this list</source><translation type="unfinished"/></message>
    <message><source>Let the list go on: Space</source><translation type="unfinished"/></message>
    <message><source>Pause the list: Space</source><translation type="unfinished"/></message>
    <message><source>Shows only launches with {filter}.</source><translation type="unfinished"/></message>
    <message><source>Final stretch</source><translation type="unfinished"/></message>
    <message><source>Stage of the launch</source><translation type="unfinished"/></message>
    <message><source>Add a filter: F</source><translation type="unfinished"/></message>
    <message><source>Remove the filter {filter}</source><translation type="unfinished"/></message>
    <message><source>+{n}  ×</source><translation type="unfinished"/></message>
    <message><source>Remove {n} more filters</source><translation type="unfinished"/></message>
    <message><source>Put {example} into the field</source><translation type="unfinished"/></message>
    <message><source>Show only launches with</source><translation type="unfinished"/></message>
    <message><source>{symbol}, {name}, on {pad}, {age} old, market cap {mcap} {unit}, {change} since first seen, {buys} buys and {sells} sells in 5 minutes, curve {curve}</source><translation type="unfinished"/></message>
    <message><source>quote units</source><translation type="unfinished"/></message>
    <message><source>no symbol</source><translation type="unfinished"/></message>
    <message><source>no name</source><translation type="unfinished"/></message>
    <message><source>unknown</source><translation type="unfinished"/></message>
    <message><source>unknown change</source><translation type="unfinished"/></message>
    <message><source>{n} match · not live</source><translation type="unfinished"/></message>
    <message><source>Clear filters</source><translation type="unfinished"/></message>
    <message><source>No launch matches your filters</source><translation type="unfinished"/></message>
    <message><source>Show all {n} others</source><translation type="unfinished"/></message>
    <message><source>Look at the sources</source><translation type="unfinished"/></message>
    <message><source>No launch yet</source><translation type="unfinished"/></message>
    <message><source>Starting the node</source><translation type="unfinished"/></message>
    <message><source>Empty the search</source><translation type="unfinished"/></message>
    <message><source>Nothing here holds “{words}”</source><translation type="unfinished"/></message>
    <message><source>Change to {filter}</source><translation type="unfinished"/></message>
    <message><source>{n} launches are under this tab; {filter} alone hides {hidden} of them.</source><translation type="unfinished"/></message>
    <message><source>New matches appear here by themselves.</source><translation type="unfinished"/></message>
    <message><source>No launch is early on its curve</source><translation type="unfinished"/></message>
    <message><source>No launch is on its final stretch</source><translation type="unfinished"/></message>
    <message><source>No launch has graduated yet</source><translation type="unfinished"/></message>
    <message><source>Here stand launches below 80% of their curve.</source><translation type="unfinished"/></message>
    <message><source>Here stand launches from 80% of their curve until they have a pool.</source><translation type="unfinished"/></message>
    <message><source>Here stand tokens with a pool of their own, after a curve or without one.</source><translation type="unfinished"/></message>
    <message><source>They appear here by themselves.</source><translation type="unfinished"/></message>
    <message><source>The node runs but has said nothing since {time}.</source><translation type="unfinished"/></message>
    <message><source>What it records meanwhile is shown when it answers again.</source><translation type="unfinished"/></message>
    <message><source>Waiting for the node</source><translation type="unfinished"/></message>
    <message><source>attempt {n}</source><translation type="unfinished"/></message>
    <message><source>Reading the journal: {done} of {total} events</source><translation type="unfinished"/></message>
    <message><source>Reading the launches the node knows</source><translation type="unfinished"/></message>
    <message><source>Searched: the {n} launches in memory.</source><translation type="unfinished"/></message>
    <message><source>Ctrl K searches everything the node has stored.</source><translation type="unfinished"/></message>
    <message><source>The practice market launches its first token within seconds.</source><translation type="unfinished"/></message>
    <message><source>The node listens; the first launch appears here when an endpoint delivers it.</source><translation type="unfinished"/></message>
    <message><source>Sources shows whether the endpoints answer.</source><translation type="unfinished"/></message>
    <message><source>The recording holds no launch so far. Sources shows how far it was read.</source><translation type="unfinished"/></message>
    <message><source>paused</source><translation type="unfinished"/></message>
    <message><source>still while the pointer is here</source><translation type="unfinished"/></message>
    <message><source>{why} · {n} waiting</source><translation type="unfinished"/></message>
    <message><source>{n} match · {hidden} hidden</source><translation type="unfinished"/></message>
    <message><source>{n} launch</source><translation type="unfinished"/></message>
    <message><source>{n} launches</source><translation type="unfinished"/></message>
    <message><source>Launches</source><translation type="unfinished"/></message>
    <message><source>Column titles</source><translation type="unfinished"/></message>
</context>
<context>
    <name>Mode</name>
    <message><source>PRACTICE</source><translation type="unfinished"/></message>
    <message><source>LIVE</source><translation type="unfinished"/></message>
    <message><source>REPLAY</source><translation type="unfinished"/></message>
    <message><source>Mode: {mode}</source><translation type="unfinished"/></message>
    <message><source>A local market of made-up tokens. No network is used.</source><translation type="unfinished"/></message>
    <message><source>Real launches from the endpoints under Sources.</source><translation type="unfinished"/></message>
    <message><source>A recording, played through the same decoders.</source><translation type="unfinished"/></message>
</context>
<context>
    <name>Node</name>
    <message><source>{why} What is stored is kept; ask again when it runs.</source><translation type="unfinished"/></message>
    <message><source>Its process is gone.</source><translation type="unfinished"/></message>
    <message><source>It was ended by signal {n}.</source><translation type="unfinished"/></message>
    <message><source>It was told to stop.</source><translation type="unfinished"/></message>
    <message><source>It ended with code {n}: {said}</source><translation type="unfinished"/></message>
    <message><source>It ended with code {n}.</source><translation type="unfinished"/></message>
    <message><source>It could not be started: {why}.</source><translation type="unfinished"/></message>
    <message><source>{n} launch</source><translation type="unfinished"/></message>
    <message><source>{n} launches</source><translation type="unfinished"/></message>
    <message><source>The node stopped at {time}</source><translation type="unfinished"/></message>
    <message><source>Not recorded since: new launches and trades. They are filled in after the start, or the gap stays marked.</source><translation type="unfinished"/></message>
    <message><source>Start the node</source><translation type="unfinished"/></message>
    <message><source>Open the log</source><translation type="unfinished"/></message>
    <message><source>Kept: {launches} and every event up to slot {slot}.</source><translation type="unfinished"/></message>
    <message><source>Kept: {launches} and every event it acknowledged.</source><translation type="unfinished"/></message>
    <message><source>It is started again by itself in {n} s.</source><translation type="unfinished"/></message>
    <message><source>It was started {n} times without success and is not tried again by itself.</source><translation type="unfinished"/></message>
</context>
<context>
    <name>Palette</name>
    <message><source>Command palette</source><translation type="unfinished"/></message>
    <message><source>Token, address, command</source><translation type="unfinished"/></message>
    <message><source>Search token, address, command</source><translation type="unfinished"/></message>
    <message><source>Results</source><translation type="unfinished"/></message>
    <message><source>{n} token</source><translation type="unfinished"/></message>
    <message><source>{n} tokens</source><translation type="unfinished"/></message>
    <message><source> in {ms} ms</source><translation type="unfinished"/></message>
    <message><source>move</source><translation type="unfinished"/></message>
    <message><source>Enter</source><translation type="unfinished"/></message>
    <message><source>open</source><translation type="unfinished"/></message>
    <message><source>commands only</source><translation type="unfinished"/></message>
    <message><source>Actions</source><translation type="unfinished"/></message>
    <message><source>Go to</source><translation type="unfinished"/></message>
    <message><source>Actions on {symbol}</source><translation type="unfinished"/></message>
    <message><source>Copy the address of {symbol}</source><translation type="unfinished"/></message>
    <message><source>Show the launch transaction of {symbol}</source><translation type="unfinished"/></message>
    <message><source>raw bytes and the decoded row</source><translation type="unfinished"/></message>
    <message><source>Tokens</source><translation type="unfinished"/></message>
    <message><source> · same symbol, younger by {time}</source><translation type="unfinished"/></message>
    <message><source>Nothing found. Try a symbol, a name, an address or a command.</source><translation type="unfinished"/></message>
</context>
<context>
    <name>Rail</name>
    <message><source>Navigation</source><translation type="unfinished"/></message>
</context>
<context>
    <name>Settings</name>
    <message><source>Default</source><translation type="unfinished"/></message>
    <message><source> Takes effect when the node restarts.</source><translation type="unfinished"/></message>
    <message><source>Save</source><translation type="unfinished"/></message>
    <message><source>Save {title}</source><translation type="unfinished"/></message>
    <message><source>Back to the default of {title}</source><translation type="unfinished"/></message>
    <message><source>{title} is a whole number.</source><translation type="unfinished"/></message>
    <message><source>Saved. Some changes take effect when the node restarts; it takes a second, and the gap is filled or marked.</source><translation type="unfinished"/></message>
    <message><source>Search settings</source><translation type="unfinished"/></message>
    <message><source>Settings are kept per mode, in its data folder.</source><translation type="unfinished"/></message>
    <message><source>Change mode</source><translation type="unfinished"/></message>
    <message><source>Open data folder</source><translation type="unfinished"/></message>
    <message><source>Restart the node</source><translation type="unfinished"/></message>
    <message><source>No setting holds these words</source><translation type="unfinished"/></message>
    <message><source>Settings</source><translation type="unfinished"/></message>
    <message><source>Practice, live or a recording</source><translation type="unfinished"/></message>
    <message><source>Try a shorter word.</source><translation type="unfinished"/></message>
    <message><source>On</source><translation type="unfinished"/></message>
    <message><source>Off</source><translation type="unfinished"/></message>
    <message><source>Theme</source><translation type="unfinished"/></message>
    <message><source>Colours of the window.</source><translation type="unfinished"/></message>
    <message><source>Look</source><translation type="unfinished"/></message>
    <message><source>dark</source><translation type="unfinished"/></message>
    <message><source>light</source><translation type="unfinished"/></message>
    <message><source>system</source><translation type="unfinished"/></message>
    <message><source>Text size</source><translation type="unfinished"/></message>
    <message><source>Scales every text in the window.</source><translation type="unfinished"/></message>
    <message><source>Reduced motion</source><translation type="unfinished"/></message>
    <message><source>No flashes and no moving placeholders.</source><translation type="unfinished"/></message>
    <message><source>Notify of launches</source><translation type="unfinished"/></message>
    <message><source>A notification for each new launch that passes the filters of Launches, at most one in ten seconds.</source><translation type="unfinished"/></message>
    <message><source>Alerts</source><translation type="unfinished"/></message>
    <message><source>Keep running when the window closes</source><translation type="unfinished"/></message>
    <message><source>Closing the window keeps the node recording; Quit stops it.</source><translation type="unfinished"/></message>
    <message><source>Solana endpoints</source><translation type="unfinished"/></message>
    <message><source>WebSocket URLs, one a line; the first that delivers an event wins, all are compared. A free one sees logs only, late and with limits.</source><translation type="unfinished"/></message>
    <message><source>Sources</source><translation type="unfinished"/></message>
    <message><source>Launchpads to follow</source><translation type="unfinished"/></message>
    <message><source>One subscription each and endpoint.</source><translation type="unfinished"/></message>
    <message><source>Solana HTTP endpoints</source><translation type="unfinished"/></message>
    <message><source>For whole transactions and gap filling; empty = the WebSocket endpoints with http in place of ws.</source><translation type="unfinished"/></message>
    <message><source>Solana commitment</source><translation type="unfinished"/></message>
    <message><source>Processed is about a second earlier, but some of what it shows is dropped by the chain and never happened.</source><translation type="unfinished"/></message>
    <message><source>confirmed</source><translation type="unfinished"/></message>
    <message><source>processed</source><translation type="unfinished"/></message>
    <message><source>EVM endpoints</source><translation type="unfinished"/></message>
    <message><source>WebSocket URLs, one a line; empty = EVM is not followed.</source><translation type="unfinished"/></message>
    <message><source>EVM HTTP endpoints</source><translation type="unfinished"/></message>
    <message><source>For gap filling, in the order of the EVM endpoints; empty = the WebSocket endpoints with http in place of ws.</source><translation type="unfinished"/></message>
    <message><source>HTTP requests a second</source><translation type="unfinished"/></message>
    <message><source>For each endpoint. The free Solana endpoint allows 40 of a kind in ten seconds.</source><translation type="unfinished"/></message>
    <message><source>Transactions fetched for a gap</source><translation type="unfinished"/></message>
    <message><source>A gap that holds more stays visible and open.</source><translation type="unfinished"/></message>
    <message><source>More Uniswap V2 factories</source><translation type="unfinished"/></message>
    <message><source>Factory addresses beside the official ones. Pairs of other factories are not decoded.</source><translation type="unfinished"/></message>
    <message><source>Solana quote mints</source><translation type="unfinished"/></message>
    <message><source>In a pool without a launch the first of these that it holds is the quote; else its second token.</source><translation type="unfinished"/></message>
    <message><source>Decoding</source><translation type="unfinished"/></message>
    <message><source>EVM quote tokens</source><translation type="unfinished"/></message>
    <message><source>As for Solana: WETH, USDC (Ethereum, Base and Optimism, Arbitrum), then USDT and DAI of Ethereum.</source><translation type="unfinished"/></message>
    <message><source>Believe configs</source><translation type="unfinished"/></message>
    <message><source>Meteora DBC config addresses shown as Believe. Empty: Fluxdesk found no published list.</source><translation type="unfinished"/></message>
    <message><source>Journal size</source><translation type="unfinished"/></message>
    <message><source>Oldest bytes go first when it is larger.</source><translation type="unfinished"/></message>
    <message><source>Journal</source><translation type="unfinished"/></message>
    <message><source>Journal age</source><translation type="unfinished"/></message>
    <message><source>Bytes older than this go.</source><translation type="unfinished"/></message>
    <message><source>Fetch token pictures and links</source><translation type="unfinished"/></message>
    <message><source>The node asks the address a token names, when you open the token. That server sees your IP address.</source><translation type="unfinished"/></message>
    <message><source>Privacy</source><translation type="unfinished"/></message>
    <message><source>IPFS gateways</source><translation type="unfinished"/></message>
    <message><source>Tried in order for ipfs:// addresses.</source><translation type="unfinished"/></message>
    <message><source>Log level</source><translation type="unfinished"/></message>
    <message><source>Detail of the log files.</source><translation type="unfinished"/></message>
    <message><source>Advanced</source><translation type="unfinished"/></message>
    <message><source>debug</source><translation type="unfinished"/></message>
    <message><source>info</source><translation type="unfinished"/></message>
    <message><source>warning</source><translation type="unfinished"/></message>
    <message><source>error</source><translation type="unfinished"/></message>
    <message><source>Log level per module</source><translation type="unfinished"/></message>
    <message><source>Lines such as fluxdesk.launches=debug.</source><translation type="unfinished"/></message>
</context>
<context>
    <name>Sources</name>
    <message><source>{id}, {state}, lag {lag}, {decoded} decoded, {unknown} unknown, {refused} refused, {gaps} open gaps. {message}</source><translation type="unfinished"/></message>
    <message><source>recording</source><translation type="unfinished"/></message>
    <message><source>Solana logs</source><translation type="unfinished"/></message>
    <message><source>Solana gap filling</source><translation type="unfinished"/></message>
    <message><source>EVM logs</source><translation type="unfinished"/></message>
    <message><source>practice market</source><translation type="unfinished"/></message>
    <message><source>connecting</source><translation type="unfinished"/></message>
    <message><source>up</source><translation type="unfinished"/></message>
    <message><source>slow</source><translation type="unfinished"/></message>
    <message><source>down</source><translation type="unfinished"/></message>
    <message><source>read to the end</source><translation type="unfinished"/></message>
    <message><source>paused</source><translation type="unfinished"/></message>
    <message><source>Source</source><translation type="unfinished"/></message>
    <message><source>Kind</source><translation type="unfinished"/></message>
    <message><source>Endpoint</source><translation type="unfinished"/></message>
    <message><source>Without user name, password or key.</source><translation type="unfinished"/></message>
    <message><source>State</source><translation type="unfinished"/></message>
    <message><source>Lag</source><translation type="unfinished"/></message>
    <message><source>Arrival minus block time of the newest event; the round trip of a ping while that is unknown.</source><translation type="unfinished"/></message>
    <message><source>Slot</source><translation type="unfinished"/></message>
    <message><source>Decoded</source><translation type="unfinished"/></message>
    <message><source>Rows the decoders read: launches, trades, pools, liquidity, migrations.</source><translation type="unfinished"/></message>
    <message><source>Unknown</source><translation type="unfinished"/></message>
    <message><source>What no layout table names. Never guessed at.</source><translation type="unfinished"/></message>
    <message><source>Refused</source><translation type="unfinished"/></message>
    <message><source>Failed transactions, and bytes that break their format.</source><translation type="unfinished"/></message>
    <message><source>First</source><translation type="unfinished"/></message>
    <message><source>Facts this source delivered before every other.</source><translation type="unfinished"/></message>
    <message><source>Reconnects</source><translation type="unfinished"/></message>
    <message><source>Open gaps</source><translation type="unfinished"/></message>
    <message><source>Since</source><translation type="unfinished"/></message>
    <message><source>From slot</source><translation type="unfinished"/></message>
    <message><source>To slot</source><translation type="unfinished"/></message>
    <message><source>Slots</source><translation type="unfinished"/></message>
    <message><source>Filled by</source><translation type="unfinished"/></message>
    <message><source>Why</source><translation type="unfinished"/></message>
    <message><source>New Solana endpoint</source><translation type="unfinished"/></message>
    <message><source>Add endpoint</source><translation type="unfinished"/></message>
    <message><source>Sources</source><translation type="unfinished"/></message>
    <message><source>Gaps</source><translation type="unfinished"/></message>
    <message><source>Change mode</source><translation type="unfinished"/></message>
    <message><source>Saved. The node reads its endpoints when it starts.</source><translation type="unfinished"/></message>
    <message><source>Restart the node</source><translation type="unfinished"/></message>
    <message><source>{n} source</source><translation type="unfinished"/></message>
    <message><source>{n} sources</source><translation type="unfinished"/></message>
    <message><source>{source} missed slots {a} to {b}</source><translation type="unfinished"/></message>
    <message><source>Practice, live or a recording</source><translation type="unfinished"/></message>
    <message><source>{n} delivering</source><translation type="unfinished"/></message>
    <message><source>{n} read to the end</source><translation type="unfinished"/></message>
    <message><source>open, or filled within the last hour</source><translation type="unfinished"/></message>
    <message><source>No source has missed a slot in the last hour.</source><translation type="unfinished"/></message>
    <message><source>Remove {endpoint}</source><translation type="unfinished"/></message>
    <message><source>No endpoint: nothing is received. Add one.</source><translation type="unfinished"/></message>
    <message><source>This endpoint is in the list already.</source><translation type="unfinished"/></message>
    <message><source>{n} open gap</source><translation type="unfinished"/></message>
    <message><source>{n} open gaps</source><translation type="unfinished"/></message>
    <message><source>Practice: one local source. It writes launches and trades in the programs' own byte formats; no network is used.</source><translation type="unfinished"/></message>
    <message><source>Live: a free endpoint delivers logs only, late and with limits. What it leaves out is marked as a gap, and filled where the endpoint allows it.</source><translation type="unfinished"/></message>
    <message><source>Replay: recordings are read once, through the same journal and decoders. Reading them twice changes nothing.</source><translation type="unfinished"/></message>
    <message><source>Asking the node about its sources</source><translation type="unfinished"/></message>
    <message><source>nobody, open</source><translation type="unfinished"/></message>
    <message><source>The list appears when it answers.</source><translation type="unfinished"/></message>
    <message><source>Choose a mode</source><translation type="unfinished"/></message>
    <message><source>The node has no source</source><translation type="unfinished"/></message>
    <message><source>Solana endpoints</source><translation type="unfinished"/></message>
    <message><source>Nothing is recorded until it has one: practice, an endpoint, or a recording.</source><translation type="unfinished"/></message>
</context>
<context>
    <name>Status</name>
    <message><source>down</source><translation type="unfinished"/></message>
    <message><source>paused</source><translation type="unfinished"/></message>
    <message><source>connecting</source><translation type="unfinished"/></message>
    <message><source>read</source><translation type="unfinished"/></message>
    <message><source>up</source><translation type="unfinished"/></message>
    <message><source>Node stopped {time}</source><translation type="unfinished"/></message>
    <message><source>{n} open gap</source><translation type="unfinished"/></message>
    <message><source>{n} open gaps</source><translation type="unfinished"/></message>
    <message><source>{n} events/s</source><translation type="unfinished"/></message>
    <message><source>Journal {size}</source><translation type="unfinished"/></message>
    <message><source>Node silent since {time}</source><translation type="unfinished"/></message>
    <message><source>Starting the node</source><translation type="unfinished"/></message>
    <message><source>Reading what the node knows</source><translation type="unfinished"/></message>
    <message><source>Slot {slot}</source><translation type="unfinished"/></message>
    <message><source>Node {time}</source><translation type="unfinished"/></message>
    <message><source>Gap open since slot {slot}</source><translation type="unfinished"/></message>
    <message><source>no signal</source><translation type="unfinished"/></message>
    <message><source>Open Sources</source><translation type="unfinished"/></message>
    <message><source>Status: {all}</source><translation type="unfinished"/></message>
    <message><source>+{n} more</source><translation type="unfinished"/></message>
</context>
<context>
    <name>Token</name>
    <message><source>{source} missed {n} slots, still open</source><translation type="unfinished"/></message>
    <message><source>{source} missed {n} slots, filled by {filler}</source><translation type="unfinished"/></message>
    <message><source>Picture of the token</source><translation type="unfinished"/></message>
    <message><source>Fetch links and picture</source><translation type="unfinished"/></message>
    <message><source>Gaps</source><translation type="unfinished"/></message>
    <message><source>Launch transaction</source><translation type="unfinished"/></message>
    <message><source>Reading…</source><translation type="unfinished"/></message>
    <message><source>The node is asking the address…</source><translation type="unfinished"/></message>
    <message><source>Try again</source><translation type="unfinished"/></message>
    <message><source>Raw bytes and the decoded row</source><translation type="unfinished"/></message>
    <message><source>What the chain says</source><translation type="unfinished"/></message>
    <message><source>Created</source><translation type="unfinished"/></message>
    <message><source>Creator</source><translation type="unfinished"/></message>
    <message><source>Supply</source><translation type="unfinished"/></message>
    <message><source>Quote</source><translation type="unfinished"/></message>
    <message><source>Program</source><translation type="unfinished"/></message>
    <message><source>Uri</source><translation type="unfinished"/></message>
    <message><source>The launch names no address to read more from.</source><translation type="unfinished"/></message>
    <message><source>Website</source><translation type="unfinished"/></message>
    <message><source>X</source><translation type="unfinished"/></message>
    <message><source>Telegram</source><translation type="unfinished"/></message>
    <message><source>It names no website, X account or Telegram group.</source><translation type="unfinished"/></message>
    <message><source>Fetching is off under Settings, Privacy.</source><translation type="unfinished"/></message>
    <message><source>The address leads into a private network and was not asked.</source><translation type="unfinished"/></message>
    <message><source>The address gave nothing that could be read.</source><translation type="unfinished"/></message>
    <message><source>Copy: {what}</source><translation type="unfinished"/></message>
    <message><source>What it says about itself</source><translation type="unfinished"/></message>
    <message><source>block time not known</source><translation type="unfinished"/></message>
    <message><source>none stated</source><translation type="unfinished"/></message>
    <message><source>Nothing is fetched before you ask: the server it names sees your IP address.</source><translation type="unfinished"/></message>
    <message><source>No source missed a slot since this token was first seen.</source><translation type="unfinished"/></message>
    <message><source>{n} more under Sources</source><translation type="unfinished"/></message>
    <message><source>Open {title} in the browser</source><translation type="unfinished"/></message>
    <message><source>Pool</source><translation type="unfinished"/></message>
    <message><source>Back to Launches: Esc</source><translation type="unfinished"/></message>
    <message><source>Copy the full address: C</source><translation type="unfinished"/></message>
    <message><source>Mkt cap</source><translation type="unfinished"/></message>
    <message><source>Price × total supply.</source><translation type="unfinished"/></message>
    <message><source>Liquidity</source><translation type="unfinished"/></message>
    <message><source>The quote side of the pool.</source><translation type="unfinished"/></message>
    <message><source>Vol 5m</source><translation type="unfinished"/></message>
    <message><source>Quote traded in the last 5 minutes.</source><translation type="unfinished"/></message>
    <message><source>Holders</source><translation type="unfinished"/></message>
    <message><source>As the trades seen so far imply them.</source><translation type="unfinished"/></message>
    <message><source>Curve</source><translation type="unfinished"/></message>
    <message><source>Quote collected / quote needed to graduate.</source><translation type="unfinished"/></message>
    <message><source>Age</source><translation type="unfinished"/></message>
    <message><source>Since creation by block time.</source><translation type="unfinished"/></message>
    <message><source>Address</source><translation type="unfinished"/></message>
    <message><source>graduated</source><translation type="unfinished"/></message>
    <message><source>none</source><translation type="unfinished"/></message>
    <message><source>sold out</source><translation type="unfinished"/></message>
    <message><source>{side} at {price}, {time}, wallet {wallet}</source><translation type="unfinished"/></message>
    <message><source>creator</source><translation type="unfinished"/></message>
    <message><source>pool</source><translation type="unfinished"/></message>
    <message><source>▲ Buy</source><translation type="unfinished"/></message>
    <message><source>▼ Sell</source><translation type="unfinished"/></message>
    <message><source>ghost</source><translation type="unfinished"/></message>
    <message><source>Time</source><translation type="unfinished"/></message>
    <message><source>Block time; arrival while that is unknown.</source><translation type="unfinished"/></message>
    <message><source>Side</source><translation type="unfinished"/></message>
    <message><source>Price</source><translation type="unfinished"/></message>
    <message><source>Quote paid or received by the trader.</source><translation type="unfinished"/></message>
    <message><source>Tokens</source><translation type="unfinished"/></message>
    <message><source>Wallet</source><translation type="unfinished"/></message>
    <message><source>Tag</source><translation type="unfinished"/></message>
    <message><source>creator: the wallet that made the token. ghost: left out of the chart; open the trade to read why.</source><translation type="unfinished"/></message>
    <message><source>Share</source><translation type="unfinished"/></message>
    <message><source>Part of the total supply.</source><translation type="unfinished"/></message>
    <message><source>Wallet {wallet}, {share} of supply</source><translation type="unfinished"/></message>
    <message><source>Buy</source><translation type="unfinished"/></message>
    <message><source>Sell</source><translation type="unfinished"/></message>
    <message><source>Length of a bar</source><translation type="unfinished"/></message>
    <message><source>What is drawn</source><translation type="unfinished"/></message>
    <message><source>Show</source><translation type="unfinished"/></message>
    <message><source>Show ghost prints in the chart</source><translation type="unfinished"/></message>
    <message><source>Trades</source><translation type="unfinished"/></message>
    <message><source>reading…</source><translation type="unfinished"/></message>
    <message><source>Reading the bars</source><translation type="unfinished"/></message>
    <message><source>Back to Launches</source><translation type="unfinished"/></message>
    <message><source>This token cannot be shown</source><translation type="unfinished"/></message>
    <message><source>Ask again</source><translation type="unfinished"/></message>
    <message><source>The bars could not be read</source><translation type="unfinished"/></message>
    <message><source>Prints far off the market. Open one in the tape to read why it is left out.</source><translation type="unfinished"/></message>
    <message><source>No trade seen yet</source><translation type="unfinished"/></message>
    <message><source>No holder known yet</source><translation type="unfinished"/></message>
    <message><source>Holders {n}</source><translation type="unfinished"/></message>
    <message><source>The node puts them together from the journal.</source><translation type="unfinished"/></message>
    <message><source>live, newest first</source><translation type="unfinished"/></message>
    <message><source>No trade to draw yet</source><translation type="unfinished"/></message>
    <message><source>The first bar appears with the first trade.</source><translation type="unfinished"/></message>
    <message><source>in {unit}, local time</source><translation type="unfinished"/></message>
    <message><source>local time</source><translation type="unfinished"/></message>
    <message><source>· {n} ghost print left out</source><translation type="unfinished"/></message>
    <message><source>· {n} ghost prints left out</source><translation type="unfinished"/></message>
    <message><source>Hide</source><translation type="unfinished"/></message>
</context>
<context>
    <name>Transaction</name>
    <message><source>Transaction</source><translation type="unfinished"/></message>
    <message><source>Close</source><translation type="unfinished"/></message>
    <message><source>Decoded rows</source><translation type="unfinished"/></message>
    <message><source>Bytes as delivered</source><translation type="unfinished"/></message>
    <message><source>Copy</source><translation type="unfinished"/></message>
    <message><source>Bytes</source><translation type="unfinished"/></message>
    <message><source>{n} decoded row</source><translation type="unfinished"/></message>
    <message><source>{n} decoded rows</source><translation type="unfinished"/></message>
    <message><source>{n} byte</source><translation type="unfinished"/></message>
    <message><source>{n} bytes</source><translation type="unfinished"/></message>
    <message><source>
… {n} more characters; Copy takes them all</source><translation type="unfinished"/></message>
    <message><source>Copy the signature</source><translation type="unfinished"/></message>
    <message><source>Copy the decoded rows</source><translation type="unfinished"/></message>
    <message><source>Copy all bytes</source><translation type="unfinished"/></message>
    <message><source>Looking it up in the journal…</source><translation type="unfinished"/></message>
    <message><source>The journal holds no bytes of it any more: they were older or larger than Settings, Journal keeps.</source><translation type="unfinished"/></message>
    <message><source>{place}. {source}</source><translation type="unfinished"/></message>
    <message><source>Source</source><translation type="unfinished"/></message>
    <message><source>{source} on {network}, shape {shape}</source><translation type="unfinished"/></message>
    <message><source>Arrived</source><translation type="unfinished"/></message>
    <message><source>{moment}.{ms} by this computer's clock</source><translation type="unfinished"/></message>
    <message><source>Order</source><translation type="unfinished"/></message>
    <message><source>journal number {seq}, monotonic clock {mono} ns</source><translation type="unfinished"/></message>
    <message><source>Slot</source><translation type="unfinished"/></message>
    <message><source>Signature</source><translation type="unfinished"/></message>
    <message><source>Deliveries</source><translation type="unfinished"/></message>
    <message><source>not stated</source><translation type="unfinished"/></message>
    <message><source>Chart</source><translation type="unfinished"/></message>
    <message><source>read by the decoder from these bytes now</source><translation type="unfinished"/></message>
    <message><source>unchanged, as the source delivered them</source><translation type="unfinished"/></message>
</context>
<context>
    <name>Tray</name>
    <message><source>{symbol} launched on {pad}</source><translation type="unfinished"/></message>
    <message><source>Open Fluxdesk</source><translation type="unfinished"/></message>
    <message><source>Quit Fluxdesk and stop the node</source><translation type="unfinished"/></message>
    <message><source>{n} new launch</source><translation type="unfinished"/></message>
    <message><source>{n} new launches</source><translation type="unfinished"/></message>
    <message><source>No new launch</source><translation type="unfinished"/></message>
    <message><source>no name stated</source><translation type="unfinished"/></message>
    <message><source>and {n} more since the last notice</source><translation type="unfinished"/></message>
</context>
<context>
    <name>Window</name>
    <message><source>Nothing opens it here. Path</source><translation type="unfinished"/></message>
    <message><source>Fluxdesk runs already, but its window does not answer.</source><translation type="unfinished"/></message>
    <message><source>The node goes on recording. Quit, in this menu, stops it.</source><translation type="unfinished"/></message>
    <message><source>Stopping the node and quitting: there is no tray to stay in.</source><translation type="unfinished"/></message>
    <message><source>Search token, address, command</source><translation type="unfinished"/></message>
    <message><source>Launches</source><translation type="unfinished"/></message>
    <message><source>Token</source><translation type="unfinished"/></message>
    <message><source>Sources</source><translation type="unfinished"/></message>
    <message><source>Settings</source><translation type="unfinished"/></message>
    <message><source>Address</source><translation type="unfinished"/></message>
    <message><source>in memory only: the node does not answer</source><translation type="unfinished"/></message>
    <message><source>The node does not answer; the journal can be read when it runs again.</source><translation type="unfinished"/></message>
    <message><source>{what} copied: {text}</source><translation type="unfinished"/></message>
    <message><source>No browser could be opened. Address</source><translation type="unfinished"/></message>
    <message><source>Fluxdesk · {n} new</source><translation type="unfinished"/></message>
    <message><source>Fluxdesk saw this token after its launch: its launch transaction is not in the journal.</source><translation type="unfinished"/></message>
</context>
</TS>
