pub fn night() -> lighthouse::Watch {
    lighthouse::begin("Cape Grey", 21).unwrap()
}
