<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/delete: asks before an end customer is deleted; opens as a dialog. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'delete']" mode="content">
	<xsl:for-each select="t:customer"><xsl:call-template name="popup-head"/></xsl:for-each>
	<div class="card small pad" data-popup="">
		<p>It disappears from every list, and its users cannot log in. For 30 days it can be restored under Deleted customers; then it is gone for good.</p>
		<xsl:for-each select="t:form">
			<xsl:call-template name="form">
				<xsl:with-param name="button">danger</xsl:with-param>
				<xsl:with-param name="cancel" select="concat('customers/', /t:page/t:customer/@id)"/>
			</xsl:call-template>
		</xsl:for-each>
	</div>
</xsl:template>
</xsl:stylesheet>
