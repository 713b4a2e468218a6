//! A scenario of `body-file.json` that measures the memory of its process, and so has one of its own.

mod body_file {
    use body_file::BodyFileClient;
    use futures_util::TryStreamExt;
    use testserver::Session;

    const BYTES: u64 = 3_145_728_000;

    /// A buffer of the transport and the pieces on their way, with room; the file has 187 times as much.
    const ALLOWED: u64 = 16 * 1024 * 1024;

    #[tokio::test]
    async fn file_stream_very_large() {
        let session = Session::new();
        let client = BodyFileClient::builder()
            .endpoint(testserver::endpoint())
            .options(session.options())
            .build()
            .unwrap();
        let before = peak();
        let mut download = client.get_file_large().download().await.unwrap();
        let mut bytes = 0;
        while let Some(piece) = download.try_next().await.unwrap() {
            bytes += u64::try_from(piece.len()).unwrap();
        }
        assert_eq!(bytes, BYTES);
        assert_eq!(download.position(), BYTES);
        assert_eq!(download.resumptions(), 0);
        let grown = peak() - before;
        assert!(grown < ALLOWED, "{grown} bytes more");
        assert_eq!(session.count(), 1);
    }

    /// Most bytes that this process has had in memory at once.
    #[cfg(target_os = "linux")]
    fn peak() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        kibibytes.unwrap().parse::<u64>().unwrap() * 1024
    }

    /// Only Linux says it without further crates.
    #[cfg(not(target_os = "linux"))]
    fn peak() -> u64 {
        0
    }
}
